//! Objects as files below one directory.
//!
//! An object is written beside its place as `<name>.part`, synced, renamed, and its directories are synced: a loss of power leaves it whole
//! or leaves a part that `delete` removes. The parts of its name keep directories small, which is up to who names it.

use std::{
    io,
    path::{Path, PathBuf},
};

use futures::StreamExt as _;
use tokio::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::AsyncWriteExt as _,
};
use tokio_util::io::ReaderStream;

use crate::{Content, Doing, Error, Name, Objects, exact::exact};

/// Bytes read at a time.
const PIECE: usize = 128 * 1024;

/// A directory of objects; for its owner alone to read.
pub struct FileObjects {
    root: PathBuf,
}

impl FileObjects {
    /// Makes nothing yet: the directory comes with the first object.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn place(&self, name: &Name) -> PathBuf {
        self.root.join(name.as_str())
    }

    async fn keep(&self, name: &Name, mut content: Content) -> io::Result<()> {
        let place = self.place(name);
        let folder = place.parent().unwrap_or(&self.root);
        make(folder).await?;
        let part = part_of(&place);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part).await?;
        let written = async {
            while let Some(piece) = content.next().await {
                file.write_all(&piece?).await?;
            }
            file.flush().await?;
            file.sync_all().await?;
            fs::rename(&part, &place).await
        }
        .await;
        if written.is_err() {
            let _ = fs::remove_file(&part).await;
            return written;
        }
        self.sync(folder).await
    }

    /// A directory and those above it, up to the root and the one it lies in: any of them may be new.
    async fn sync(&self, folder: &Path) -> io::Result<()> {
        let outermost = self.root.parent().unwrap_or(&self.root);
        for folder in folder.ancestors().take_while(|folder| folder.starts_with(outermost)) {
            let readable = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            File::open(readable).await?.sync_all().await?;
        }
        Ok(())
    }

    async fn remove(&self, name: &Name) -> io::Result<()> {
        let place = self.place(name);
        for path in [part_of(&place), place.clone()] {
            match fs::remove_file(path).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        // An empty directory goes too; one that is not refuses.
        for folder in place.ancestors().skip(1).take_while(|folder| *folder != self.root) {
            if fs::remove_dir(folder).await.is_err() {
                break;
            }
        }
        Ok(())
    }

    async fn try_out(&self) -> io::Result<()> {
        make(&self.root).await?;
        let probe = self.root.join(format!(".look-{}", std::process::id()));
        fs::write(&probe, b"").await?;
        fs::remove_file(&probe).await
    }
}

impl Objects for FileObjects {
    fn put<'a>(&'a self, name: &'a Name, size: u64, content: Content) -> Doing<'a, ()> {
        Box::pin(async move { self.keep(name, exact(size, content)).await.map_err(unusable) })
    }

    fn get<'a>(&'a self, name: &'a Name) -> Doing<'a, Content> {
        Box::pin(async move {
            let file = File::open(self.place(name)).await?;
            Ok(ReaderStream::with_capacity(file, PIECE).boxed())
        })
    }

    fn delete<'a>(&'a self, name: &'a Name) -> Doing<'a, ()> {
        Box::pin(async move { self.remove(name).await.map_err(unusable) })
    }

    fn look(&self) -> Doing<'_, ()> {
        Box::pin(async move { self.try_out().await.map_err(unusable) })
    }
}

fn part_of(place: &Path) -> PathBuf {
    place.with_extension("part")
}

async fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).await
}

/// That something is missing on the way is no absent object here.
fn unusable(error: io::Error) -> Error {
    Error::Unusable(error.to_string())
}
