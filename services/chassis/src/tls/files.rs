//! A few files that mean something together, such as a certificate and its key. They are looked at every few seconds; when one has
//! changed they are read together again. What makes no sense together (the key is not there yet) leaves what was there before in force.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use crate::auth::watched::Watched;

/// What was made of the texts of the files, in their order.
type Make<T> = Box<dyn Fn(&[String]) -> Result<T, String> + Send + Sync>;

pub(crate) struct Files<T> {
    files: Vec<Watched>,
    texts: Mutex<Vec<String>>,
    made: RwLock<Arc<T>>,
    make: Make<T>,
}

impl<T> Files<T> {
    /// Reads them for the first time: then they must be there, and make sense.
    pub(crate) fn open(
        paths: &[&Path],
        every: Duration,
        make: impl Fn(&[String]) -> Result<T, String> + Send + Sync + 'static,
    ) -> Result<Self, String> {
        let mut files = Vec::with_capacity(paths.len());
        let mut texts = Vec::with_capacity(paths.len());
        for path in paths {
            let opened = Watched::open(path, every, |text| Ok(text.to_owned()));
            let (file, text) = opened.map_err(|error| format!("{}: {error}", path.display()))?;
            files.push(file);
            texts.push(text);
        }
        let made = make(&texts).map_err(|error| format!("{}: {error}", listed(paths)))?;
        Ok(Self { files, texts: Mutex::new(texts), made: RwLock::new(Arc::new(made)), make: Box::new(make) })
    }

    /// What they say now. Only one caller at a time looks; the others take what is there.
    pub(crate) fn now(&self) -> Arc<T> {
        if let Ok(mut texts) = self.texts.try_lock() {
            let mut changed = false;
            for (file, text) in self.files.iter().zip(texts.iter_mut()) {
                if let Some(newer) = file.look(|text| Ok(text.to_owned())) {
                    *text = newer;
                    changed = true;
                }
            }
            if changed {
                self.make_again(&texts);
            }
        }
        Arc::clone(&self.made.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn make_again(&self, texts: &[String]) {
        match (self.make)(texts) {
            Ok(made) => *self.made.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(made),
            Err(error) => {
                tracing::warn!(
                    error,
                    "the files of TLS make no sense together: what was there before stays in force"
                );
            }
        }
    }
}

fn listed(paths: &[&Path]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}
