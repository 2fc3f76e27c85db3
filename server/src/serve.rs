//! Speaks HTTP/1.1 with many clients at once, within limits that none of them can exceed.

use crate::patience::Patient;
use crate::{Request, Response};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::future::Future;
use std::io::{self, Write};
use std::net;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// What a client can take of the server.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a request's head, 8,192 at least; a longer one is answered with 431.
    pub head: usize,
    /// How long a client may take for a head, counted from when it connects or has its last answer; then the connection is
    /// closed.
    pub head_time: Duration,
    /// How long a client may take nothing of an answer; then the connection is closed.
    pub stall_time: Duration,
    /// Connections at once; a further one is answered with 503 and closed. Fewer where the system allows fewer open files.
    pub connections: usize,
}

impl Default for Limits {
    /// Browsers send heads of about 1 kB over up to six connections each.
    fn default() -> Limits {
        let (head_time, stall_time) = (Duration::from_secs(30), Duration::from_secs(60));
        Limits { head: 16 * 1024, head_time, stall_time, connections: 8192 }
    }
}

/// Files that may be open besides connections: those of the site that are being read, and the program's own.
const OTHER_FILES: usize = 64;

/// What a connection too many is told.
const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// How long the server waits when the system gives it no further connection.
const PAUSE: Duration = Duration::from_millis(100);

/// Listeners, and how to treat who connects.
pub struct Server {
    listeners: Vec<net::TcpListener>,
    treatment: Treatment,
}

#[derive(Clone)]
struct Treatment {
    limits: Limits,
    #[cfg(feature = "https")]
    acceptor: Option<tokio_rustls::TlsAcceptor>,
}

impl Server {
    /// Serves who connects to these, within the usual limits.
    pub fn new(listeners: Vec<net::TcpListener>) -> Server {
        let treatment = Treatment {
            limits: Limits::default(),
            #[cfg(feature = "https")]
            acceptor: None,
        };
        Server { listeners, treatment }
    }

    /// The same within other limits.
    pub fn within(mut self, limits: Limits) -> Server {
        self.treatment.limits = limits;
        self
    }

    /// The same over https; who comes without it is sent there.
    #[cfg(feature = "https")]
    pub fn with_certificate(mut self, certificate: &crate::Certificate) -> Server {
        self.treatment.acceptor = Some(certificate.config.clone().into());
        self
    }

    /// Gives every request to `handler` until the program ends; where that answers `None`, the connection is closed without an
    /// answer.
    ///
    /// Errors when the system refuses threads or the listeners.
    pub fn run<H, A>(self, handler: H) -> io::Result<()>
    where
        H: Fn(Request) -> A + Clone + Send + Sync + 'static,
        A: Future<Output = Option<Response>> + Send + 'static,
    {
        let most = self.treatment.limits.connections;
        let files = rlimit::increase_nofile_limit((most + OTHER_FILES) as u64)?;
        let places = Arc::new(Semaphore::new(most.min((files as usize).saturating_sub(OTHER_FILES))));
        tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async move {
            let mut tasks = Vec::new();
            for listener in self.listeners {
                listener.set_nonblocking(true)?;
                let listener = TcpListener::from_std(listener)?;
                tasks.push(tokio::spawn(accept(listener, places.clone(), self.treatment.clone(), handler.clone())));
            }
            for task in tasks {
                task.await?;
            }
            Ok(())
        })
    }
}

/// Serves who connects, forever.
async fn accept<H, A>(listener: TcpListener, places: Arc<Semaphore>, treatment: Treatment, handler: H)
where
    H: Fn(Request) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Option<Response>> + Send + 'static,
{
    loop {
        match (listener.accept().await, places.clone().try_acquire_owned()) {
            (Ok((stream, _)), Ok(place)) => {
                let (treatment, handler) = (treatment.clone(), handler.clone());
                tokio::spawn(async move {
                    treatment.greet(stream, handler).await;
                    drop(place);
                });
            }
            (Ok((stream, _)), Err(_)) => turn_away(stream),
            // The client has gone again, or no further file may be open.
            (Err(_), _) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Tells a connection too many to come again, without waiting for anything that it does.
fn turn_away(stream: TcpStream) {
    if let Ok(mut stream) = stream.into_std() {
        let _ = stream.write(BUSY);
    }
}

impl Treatment {
    #[cfg(not(feature = "https"))]
    async fn greet<H, A>(&self, stream: TcpStream, handler: H)
    where
        H: Fn(Request) -> A,
        A: Future<Output = Option<Response>>,
    {
        self.converse(Patient::new(stream, self.limits.stall_time), handler).await;
    }

    /// Finds out whether the client speaks https, where that is spoken.
    #[cfg(feature = "https")]
    async fn greet<H, A>(&self, stream: TcpStream, handler: H)
    where
        H: Fn(Request) -> A,
        A: Future<Output = Option<Response>>,
    {
        use tokio::time::timeout;
        /// With it every conversation in TLS begins, and none in HTTP.
        const HANDSHAKE: u8 = 0x16;
        let Some(acceptor) = &self.acceptor else {
            return self.converse(Patient::new(stream, self.limits.stall_time), handler).await;
        };
        let mut first = [0];
        let Ok(Ok(1)) = timeout(self.limits.head_time, stream.peek(&mut first)).await else { return };
        let stream = Patient::new(stream, self.limits.stall_time);
        if first != [HANDSHAKE] {
            return self.converse(stream, async |request| to_https(&request)).await;
        }
        if let Ok(Ok(stream)) = timeout(self.limits.head_time, acceptor.accept(stream)).await {
            self.converse(stream, handler).await;
        }
    }

    /// One connection, request by request. A client that goes away in the middle is not the server's concern.
    async fn converse<S, H, A>(&self, stream: S, handler: H)
    where
        S: AsyncRead + AsyncWrite + Unpin,
        H: Fn(Request) -> A,
        A: Future<Output = Option<Response>>,
    {
        let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
            let answer = handler(request.map(drop));
            async { answer.await.ok_or_else(|| io::Error::from(io::ErrorKind::ConnectionAborted)) }
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.limits.head_time).max_buf_size(self.limits.head);
        let _ = http.serve_connection(TokioIo::new(stream), service).await;
    }
}

/// Sends to the same address over https. Only this time: the same address may be plain http tomorrow.
#[cfg(feature = "https")]
fn to_https(request: &Request) -> Option<Response> {
    use hyper::header::{HOST, HeaderValue, LOCATION};
    let host = request.headers().get(HOST)?.to_str().ok()?;
    let location = HeaderValue::try_from(format!("https://{host}{}", request.uri().path_and_query()?)).ok()?;
    let mut response = crate::text(hyper::StatusCode::TEMPORARY_REDIRECT, "");
    response.headers_mut().insert(LOCATION, location);
    Some(response)
}
