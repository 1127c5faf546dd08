//! Content that has just as many bytes as were said.

use std::io;

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::Content;

/// The same content, broken off where it is longer or shorter than `size`. Its last piece comes only when nothing comes after it: so who
/// counts to `size` and stops has had the end, or the error that stands there.
pub fn exact(size: u64, content: Content) -> Content {
    // Empty pieces say nothing.
    let content = content.try_filter(|piece| std::future::ready(!piece.is_empty())).boxed();
    stream::try_unfold((content, size), next).boxed()
}

async fn next((mut content, left): (Content, u64)) -> io::Result<Option<(Bytes, (Content, u64))>> {
    let Some(piece) = content.next().await.transpose()? else {
        return if left == 0 { Ok(None) } else { Err(io::Error::other("less came than was said")) };
    };
    let longer = || io::Error::other("more came than was said");
    let left = left.checked_sub(piece.len() as u64).ok_or_else(longer)?;
    if left == 0 && content.next().await.transpose()?.is_some() {
        return Err(longer());
    }
    Ok(Some((piece, (content, left))))
}
