//! The recorded requests through bare async reqwest on one thread, without anything else that the library does: the
//! answers are read whole, and looked at by nobody.
#![allow(clippy::unwrap_used)]

use crate::support::cpu_time;
use reqwest::header::{HOST, HeaderMap, HeaderName};
use std::cell::Cell;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Requests and CPU time over some time, after the warm-up.
pub(crate) struct Count {
    pub(crate) requests: u64,
    pub(crate) time: Duration,
    pub(crate) cpu: Duration,
}

pub(crate) fn sustained(
    root: &str,
    ca_file: Option<&Path>,
    recording: &[String],
    connections: usize,
    [warm_up, time]: [Duration; 2],
) -> Count {
    let client = client(ca_file);
    let requests: Rc<Vec<_>> = Rc::new(recording.iter().map(|text| Request::read(root, text)).collect());
    let done = Rc::new(Cell::new(0));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, async {
        for connection in 0..connections {
            let (client, requests, done) = (client.clone(), requests.clone(), done.clone());
            tokio::task::spawn_local(async move {
                for request in requests.iter().cycle().skip(connection) {
                    request.send(&client).await;
                    done.set(done.get() + 1);
                }
            });
        }
        tokio::time::sleep(warm_up).await;
        let (start, cpu, before) = (Instant::now(), cpu_time(), done.get());
        tokio::time::sleep(time).await;
        Count { requests: done.get() - before, time: start.elapsed(), cpu: cpu_time() - cpu }
    })
}

fn client(ca_file: Option<&Path>) -> reqwest::Client {
    // the library may have done so before
    let _ = rustls::crypto::ring::default_provider().install_default();
    let roots = ca_file.map(|path| reqwest::Certificate::from_pem(&std::fs::read(path).unwrap()).unwrap());
    let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    builder.retry(reqwest::retry::never()).tls_certs_only(roots).build().unwrap()
}

struct Request {
    method: reqwest::Method,
    url: String,
    headers: HeaderMap,
    body: String,
}

impl Request {
    /// Takes a request apart as it was sent.
    fn read(root: &str, text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let mut first = lines.next().unwrap().split(' ');
        let (method, path) = (first.next().unwrap(), first.next().unwrap());
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.parse::<HeaderName>().unwrap(), value.parse().unwrap())
        };
        let mut headers: HeaderMap = lines.map(header).collect();
        headers.remove(HOST);
        Self { method: method.parse().unwrap(), url: format!("{root}{path}"), headers, body: body.to_owned() }
    }

    async fn send(&self, client: &reqwest::Client) {
        let mut request = client.request(self.method.clone(), &self.url).headers(self.headers.clone());
        if !self.body.is_empty() {
            request = request.body(self.body.clone());
        }
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success());
        answer.bytes().await.unwrap();
    }
}
