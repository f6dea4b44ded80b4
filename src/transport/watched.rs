//! Owns the eyes on a request while the HTTP stack works: whoever connects for it notes what happened.
//! Does not keep anything; the exchange has the watch.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use tower_layer::Layer;
use tower_service::Service;

use crate::exchange::sighting::{Sighting, Watch};

tokio::task_local! {
    /// Of the request that is being sent. A connection that the stack goes on making for nobody is not seen.
    static WATCH: Watch;
}

pub async fn watching<F: Future>(watch: &Watch, sending: F) -> F::Output {
    WATCH.scope(watch.clone(), sending).await
}

/// For the request that is being sent, if anybody watches it.
pub fn note(edit: impl FnOnce(&mut Sighting)) {
    let _ = WATCH.try_with(|watch| watch.note(edit));
}

/// Around the stack's connector.
#[derive(Clone, Copy, Debug)]
pub struct Watched;

#[derive(Clone, Debug)]
pub struct Watching<S> {
    connector: S,
}

impl<S> Layer<S> for Watched {
    type Service = Watching<S>;

    fn layer(&self, connector: S) -> Watching<S> {
        Watching { connector }
    }
}

impl<S, R> Service<R> for Watching<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, destination: R) -> Self::Future {
        let connecting = self.connector.call(destination);
        Box::pin(async move {
            let connected = connecting.await;
            if connected.is_ok() {
                note(|seen| {
                    seen.connected = Some(Instant::now());
                    seen.connections += 1;
                });
            }
            connected
        })
    }
}
