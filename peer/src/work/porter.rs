//! Lets other processes of the home in.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::owner::Owner;
use super::request::Request;
use super::serve;
use crate::home;

/// How many processes are served at once; the next waits at the socket.
const MAX_SERVED: usize = 64;

/// How long a process that ends goes on for those it serves. Edits are done within milliseconds; a guest that hosts has
/// to find itself another owner.
const FINISH_WITHIN: Duration = Duration::from_millis(500);

/// Serves whoever comes to the home's socket, until told to close.
pub(super) async fn let_in(owner: Arc<Owner>, mut closed: mpsc::Receiver<()>) {
    let mut inside = JoinSet::new();
    loop {
        tokio::select! {
            stream = owner.home().accept(), if inside.len() < MAX_SERVED => {
                let Ok(stream) = stream else { break };
                let owner = owner.clone();
                inside.spawn(async move {
                    if let Some((request, asked)) = home::read_request::<Request>(stream).await {
                        serve::serve(owner, request, asked).await;
                    }
                });
            }
            Some(_) = inside.join_next() => {}
            _ = closed.recv() => break,
        }
    }
    let finished = async { while inside.join_next().await.is_some() {} };
    tokio::time::timeout(FINISH_WITHIN, finished).await.ok();
    inside.shutdown().await;
}
