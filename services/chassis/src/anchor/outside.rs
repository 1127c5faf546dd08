//! The last question of a check: does the stream on NATS know of an anchor that is not kept here? Whoever owns the machine can remove the
//! file, and whoever owns the database its table; from the stream nobody removes one.

use super::{Anchor, Anchors, Cursor, Fault, Key, Trouble};

impl Anchors {
    /// What the stream has that the anchors kept here, checked up to the cursor, have not.
    pub(super) async fn outside(&self, key: &Key, cursor: &Cursor) -> Result<Option<Fault>, Trouble> {
        let told = match self.newest_told(key, cursor.number).await {
            Ok(told) => told,
            Err(trouble) => {
                let problem =
                    format!("whether NATS knows of anchors that are not here could not be asked: {trouble}");
                return Ok(Some(Fault::new(cursor.number, (None, problem))));
            }
        };
        let Some(newest) = told.anchor else {
            let hidden = (told.strange > 0).then(|| {
                format!(
                    "the last {} messages of the stream of anchors are none of this service's",
                    told.strange
                )
            });
            return Ok(hidden.map(|problem| Fault::new(cursor.number, (None, problem))));
        };
        let is_here =
            newest.number < cursor.number || cursor.is_at(&newest) || self.has_made(key, &newest).await?;
        let missing = (!is_here).then(|| {
            let Anchor { number, until, entries, .. } = &newest;
            let problem = format!(
                "NATS has this one, of {entries} entries up to {until}, and it is not here: it was removed, or another was made in its place"
            );
            Fault::new(*number, (None, problem))
        });
        Ok(missing)
    }

    /// Another replica made it a moment ago, and it is on its way into this one's file.
    async fn has_made(&self, key: &Key, anchor: &Anchor) -> Result<bool, sqlx::Error> {
        let lines = self.rows((anchor.number.saturating_sub(1), anchor.number), 1).await?;
        let made = lines.first().and_then(|(_, line)| key.read(self.service, line).ok());
        Ok(made.is_some_and(|made| made == *anchor))
    }
}
