//! A connection whose frames the test writes itself: what no honest client sends.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PING: u8 = 6;
pub const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
/// Of pings and settings.
const ACK: u8 = 1;
const END_HEADERS: u8 = 4;
/// Bytes of a frame, where nothing else was agreed on.
const LARGEST: usize = 16 * 1024;
/// `SETTINGS_INITIAL_WINDOW_SIZE`.
const WINDOW: u16 = 4;
/// What a client gives up with.
const CANCEL: u32 = 8;

/// What comes and goes over such a connection.
#[derive(Clone, Debug)]
pub struct Frame {
    pub kind: u8,
    pub flags: u8,
    pub stream: u32,
    pub payload: Vec<u8>,
}

pub struct Raw(TcpStream);

impl Raw {
    /// Connected, and nothing said yet.
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("somebody listens");
        stream.set_nodelay(true).expect("a socket");
        Self(stream)
    }

    /// The same from another address of this machine, 127.0.0.`host`.
    pub async fn open_from(host: u8, address: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind((Ipv4Addr::new(127, 0, 0, host), 0).into()).expect("loopback has it");
        Self(socket.connect(address).await.expect("somebody listens"))
    }

    /// And HTTP/2 begun; of each answer so many bytes are taken.
    pub async fn greeted(address: SocketAddr, window: u32) -> Self {
        let mut raw = Self::open(address).await;
        raw.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
        let settings = [&WINDOW.to_be_bytes()[..], &window.to_be_bytes()].concat();
        raw.send(SETTINGS, 0, 0, &settings).await;
        raw
    }

    /// Whether it could be written: the other side may have gone.
    pub async fn write(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).await.is_ok()
    }

    pub async fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> bool {
        self.write(&frame(kind, flags, stream, payload)).await
    }

    /// The next frame; pings and settings are answered, as those do who are there. None: the other side has gone.
    pub async fn next(&mut self) -> Option<Frame> {
        let frame = self.unanswered().await?;
        if [PING, SETTINGS].contains(&frame.kind) && frame.flags & ACK == 0 {
            self.send(frame.kind, ACK, 0, if frame.kind == PING { &frame.payload } else { &[] }).await;
        }
        Some(frame)
    }

    /// The same without an answer.
    pub async fn unanswered(&mut self) -> Option<Frame> {
        let mut head = [0; 9];
        self.0.read_exact(&mut head).await.ok()?;
        let [a, b, c, kind, flags, stream @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        self.0.read_exact(&mut payload).await.ok()?;
        Some(Frame { kind, flags, stream: u32::from_be_bytes(stream), payload })
    }

    /// The next of this kind; none: the other side has gone without.
    pub async fn until(&mut self, kind: u8) -> Option<Frame> {
        loop {
            let frame = self.next().await?;
            if frame.kind == kind {
                return Some(frame);
            }
        }
    }
}

impl Raw {
    /// Waits until the other side has read all that was sent. False: it has gone.
    pub async fn is_read(&mut self) -> bool {
        self.send(PING, 0, 0, b"are you?").await;
        loop {
            match self.next().await {
                Some(frame) if frame.kind == PING && frame.flags & ACK != 0 => return true,
                Some(_) => {}
                None => return false,
            }
        }
    }
}

pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// The head of a call to `path`, of which the message is still to come, with more headers, none of them indexed.
pub fn call(stream: u32, path: &str, more: &[(&str, &str)]) -> Vec<u8> {
    // From the static table: `:method POST` and `:scheme http` whole, the names of `:path`, `:authority` and `content-type`.
    let mut block = vec![0x83, 0x86];
    for (name, value) in [(&[0x04][..], path), (&[0x01][..], "test"), (&[0x0f, 0x10][..], "application/grpc")]
    {
        block.extend_from_slice(name);
        text(&mut block, value);
    }
    for (name, value) in [("te", "trailers")].iter().chain(more) {
        block.push(0);
        text(&mut block, name);
        text(&mut block, value);
    }
    headers(stream, &block)
}

/// In as many frames as it takes.
fn headers(stream: u32, block: &[u8]) -> Vec<u8> {
    let last = block.len().div_ceil(LARGEST) - 1;
    let pieces = block.chunks(LARGEST).enumerate().flat_map(|(n, piece)| {
        let kind = if n == 0 { HEADERS } else { CONTINUATION };
        frame(kind, if n == last { END_HEADERS } else { 0 }, stream, piece)
    });
    pieces.collect()
}

/// That a call is given up.
pub fn give_up(stream: u32) -> Vec<u8> {
    frame(RST_STREAM, 0, stream, &CANCEL.to_be_bytes())
}

/// A length in seven bits and, where they do not hold it, more bytes.
fn text(block: &mut Vec<u8>, text: &str) {
    const FULL: usize = 127;
    match text.len().checked_sub(FULL) {
        None => block.push(text.len() as u8),
        Some(mut rest) => {
            block.push(FULL as u8);
            while rest >= 128 {
                block.push((rest % 128) as u8 | 128);
                rest /= 128;
            }
            block.push(rest as u8);
        }
    }
    block.extend_from_slice(text.as_bytes());
}
