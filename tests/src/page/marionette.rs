//! WebDriver as Firefox speaks it itself: messages over a socket, each with its length in digits before it.
//!
//! A command is `[0, number, name, parameters]`, its answer `[1, number, error, result]`.

use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::wire::{Command, PATIENCE, Wire};

/// Largest message that is taken: a screenshot, with room.
const MAX_MESSAGE_BYTES: usize = 64 << 20;

pub(super) struct Marionette(Mutex<Line>);

struct Line {
    stream: BufReader<TcpStream>,
    number: u32,
}

impl Marionette {
    /// Opens a session with the Firefox that listens on this port of the loopback.
    pub(super) fn open(port: u16, capabilities: &Value) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut line = Line { stream: BufReader::new(stream), number: 0 };
        let greeting = line.receive()?;
        ensure!(greeting["marionetteProtocol"] == 3, "not the protocol that is spoken here: {greeting}");
        line.ask("WebDriver:NewSession", capabilities)?;
        Ok(Self(Mutex::new(line)))
    }

    fn ask(&self, name: &str, parameters: &Value) -> Result<Value> {
        self.0.lock().expect("no holder panics").ask(name, parameters)
    }
}

impl Wire for Marionette {
    fn call(&self, command: Command, parameters: Value) -> Result<Value> {
        let answer = self.ask(&format!("WebDriver:{command:?}"), &parameters);
        Ok(answer.with_context(|| format!("{command:?}"))?["value"].take())
    }

    fn chromium(&self, method: &str, _: Value) -> Result<Value> {
        bail!("{method} is Chromium's own")
    }

    fn quit(&self) -> Result<()> {
        self.ask("Marionette:Quit", &json!({"flags": ["eForceQuit"]})).map(drop)
    }
}

impl Line {
    fn ask(&mut self, name: &str, parameters: &Value) -> Result<Value> {
        self.number += 1;
        let message = json!([0, self.number, name, parameters]).to_string();
        write!(self.stream.get_mut(), "{}:{message}", message.len())?;
        let mut answer = self.receive()?;
        ensure!(answer[1] == self.number, "an answer to something else: {answer}");
        if !answer[2].is_null() {
            bail!("{}: {}", answer[2]["error"], answer[2]["message"]);
        }
        Ok(answer[3].take())
    }

    fn receive(&mut self) -> Result<Value> {
        let mut length = 0;
        loop {
            let mut byte = [0];
            self.stream.read_exact(&mut byte)?;
            match byte[0] {
                b':' => break,
                digit @ b'0'..=b'9' if length <= MAX_MESSAGE_BYTES => {
                    length = length * 10 + usize::from(digit - b'0');
                }
                _ => bail!("a message without a length"),
            }
        }
        let mut message = vec![0; length.min(MAX_MESSAGE_BYTES)];
        self.stream.read_exact(&mut message)?;
        serde_json::from_slice(&message).context("a message is JSON")
    }
}
