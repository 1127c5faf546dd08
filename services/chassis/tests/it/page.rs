//! Pages of bounded bytes.

use huying_chassis::{page, status::Problem};
use huying_proto::log::v1::DeadLetter;

fn letter(bytes: usize) -> DeadLetter {
    DeadLetter { error: "x".repeat(bytes), ..Default::default() }
}

/// What is shown of pages of so many items, page by page.
fn walk(sizes: &[usize], size: usize, hidden: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
    let (mut pages, mut after) = (Vec::new(), 0);
    loop {
        let rows: Vec<usize> = (after..sizes.len()).take(size).collect();
        let show = |n: usize| (!hidden(n)).then(|| letter(sizes[n]));
        let (shown, token) = page::shown(rows.into_iter(), size as i64, |n| *n, show);
        pages.push(shown.iter().map(|it| it.error.len()).collect());
        let Some(last) = page::cursor::<usize>(&token).unwrap() else { return pages };
        after = last + 1;
    }
}

#[test]
fn a_page_ends_before_it_has_too_much_and_loses_nothing() {
    let half = page::BYTES / 2 - 100;
    assert_eq!(walk(&[half, half, half], 10, |_| false), [vec![half, half], vec![half]]);
    // One that is too much by itself is told alone.
    let most = page::BYTES * 2;
    assert_eq!(walk(&[most, 1, most, 1], 10, |_| false), [vec![most], vec![1], vec![most], vec![1]]);
    // What is not shown takes no room, and a page that ends in front of it goes on behind it.
    assert_eq!(walk(&[half, most, half, most, half], 10, |n| n % 2 == 1), [vec![half, half], vec![half]]);
    assert_eq!(walk(&[1, 2, 3], 2, |_| false), [vec![1, 2], vec![3]], "by rows as before");
    assert_eq!(walk(&[], 2, |_| false), [Vec::<usize>::new()]);
}

#[test]
fn what_fits_is_counted_from_the_first_on() {
    let letters = |sizes: &[usize]| sizes.iter().map(|size| letter(*size)).collect::<Vec<_>>();
    let of = |sizes: &[usize]| page::fitting(&letters(sizes), page::BYTES);
    let half = page::BYTES / 2 - 100;
    assert_eq!([of(&[]), of(&[1, 2]), of(&[half, half, half]), of(&[page::BYTES * 2, 1])], [0, 2, 2, 1]);
}

/// Letters of these sizes, of which only the reader knows where the next page begins.
async fn read(sizes: &[usize], size: i64) -> Result<(Vec<DeadLetter>, Option<usize>), Problem> {
    let told: Vec<_> =
        sizes.iter().take(usize::try_from(size).unwrap()).map(|bytes| letter(*bytes)).collect();
    let next = Some(told.len()).filter(|next| *next < sizes.len());
    Ok((told, next))
}

#[tokio::test]
async fn a_page_of_which_fewer_fit_is_read_again_that_short() {
    let half = page::BYTES / 2 - 100;
    let of = async |sizes: &[usize], size| {
        let (told, next) = page::fitted(size, |size| read(sizes, size)).await.unwrap();
        (told.len(), next)
    };
    assert_eq!(of(&[half, half, half, 1], 10).await, (2, Some(2)));
    assert_eq!(of(&[page::BYTES * 2, 1], 10).await, (1, Some(1)), "one that is too much is told alone");
    assert_eq!(of(&[1, 2, 3], 2).await, (2, Some(2)), "by rows as before");
    assert_eq!(of(&[1, 2], 10).await, (2, None));
    assert_eq!(of(&[], 10).await, (0, None));
}

#[tokio::test]
async fn what_adds_up_to_too_much_is_counted_of_fewer_rows() {
    let of = async |most: usize, each: usize| {
        let read = |rows: usize| async move { Ok::<_, Problem>(letter(rows * each)) };
        page::halved(most, read).await.unwrap().error.len() / each
    };
    assert_eq!(of(1_000, 100).await, 1_000);
    assert_eq!(of(1_000, page::BYTES / 300).await, 250);
    assert_eq!(of(1, page::BYTES * 2).await, 1);
}
