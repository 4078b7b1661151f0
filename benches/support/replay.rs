//! Requests of the sandbox's journal, sent again as a caller without this library would.
#![allow(clippy::unwrap_used)]

use reqwest::blocking::Client;
use serde_json::Value;

/// What the bare client sends.
pub(crate) struct Request {
    method: reqwest::Method,
    path: String,
    body: Option<Body>,
}

enum Body {
    Json(Value),
    Form(String),
}

impl Request {
    pub(crate) fn of(record: &Value) -> Self {
        Self {
            method: record["method"].as_str().unwrap().parse().unwrap(),
            path: record["path"].as_str().unwrap().to_owned(),
            body: record["body"].as_str().map(|body| match serde_json::from_str(body) {
                Ok(json) => Body::Json(json),
                Err(_) => Body::Form(body.to_owned()),
            }),
        }
    }

    /// As a caller would write it, with the headers that the library sends.
    pub(crate) fn send(&self, url: &str, token: &str, client: &Client) {
        let mut request = client
            .request(self.method.clone(), format!("{url}{}", self.path))
            .bearer_auth(token)
            .header("accept", "application/json")
            .header("client-request-id", uuid::Uuid::new_v4().to_string())
            .header("return-client-request-id", "true");
        if self.path.contains("/deletedItems/") {
            request = request.header("consistencylevel", "eventual");
        }
        request = match &self.body {
            Some(Body::Json(json)) => request.json(json),
            Some(Body::Form(form)) => {
                request.header("content-type", "application/x-www-form-urlencoded").body(form.clone())
            }
            None => request,
        };
        let answer = request.send().unwrap().error_for_status().unwrap().bytes().unwrap();
        if !answer.is_empty() {
            let answer: Value = serde_json::from_slice(&answer).unwrap();
            std::hint::black_box(answer);
        }
    }
}
