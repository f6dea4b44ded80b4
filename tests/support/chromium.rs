//! Owns a headless Chromium that is told what to do over its debugging pipe, and tells what it did with cookies.
//! Does not judge it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The names under which it is found.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A browser with one page, whose profile keeps nothing.
pub struct Chromium {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    count: u64,
    session: Option<String>,
    /// What it said of its own accord and nobody has asked for yet.
    events: Vec<Value>,
    _profile: TempDir,
}

/// A Set-Cookie line that was not taken, and why, in the words of the developer tools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    pub line: String,
    pub reasons: Vec<String>,
}

/// A stored cookie that did not go along with a request, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held {
    pub name: String,
    pub domain: String,
    pub path: String,
    pub reasons: Vec<String>,
}

impl Chromium {
    /// `None` where there is none.
    pub fn start() -> Option<Chromium> {
        let name = NAMES.into_iter().find(|name| {
            let found =
                Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            found.is_ok_and(|status| status.success())
        })?;
        let profile = tempfile::tempdir().expect("a temporary directory");
        // The pipe is that of the descriptors 3 and 4, which only a shell can lay there.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null", "sh", name])
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--remote-debugging-pipe",
                "--ignore-certificate-errors",
                "--host-resolver-rules=MAP * 127.0.0.1",
                "--no-proxy-server",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LocalNetworkAccessChecks",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let to = child.stdin.take().expect("it is piped");
        let from = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut browser =
            Chromium { child, to, from, count: 0, session: None, events: Vec::new(), _profile: profile };
        // A window of its own kind, in which cookies of third parties are blocked.
        let context = browser.call("Target.createBrowserContext", json!({}))["browserContextId"].clone();
        let page = json!({"url": "about:blank", "browserContextId": context});
        let target = browser.call("Target.createTarget", page)["targetId"].clone();
        let attached = browser.call("Target.attachToTarget", json!({"targetId": target, "flatten": true}));
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        browser.call("Network.enable", json!({}));
        browser.call("Page.enable", json!({}));
        Some(browser)
    }

    pub fn version(&mut self) -> String {
        self.call("Browser.getVersion", json!({}))["product"].as_str().unwrap_or_default().to_owned()
    }

    pub fn forget_cookies(&mut self) {
        self.call("Network.clearBrowserCookies", json!({}));
    }

    /// Goes there as if the URL had been typed, and tells which Set-Cookie lines were not taken.
    pub fn visit(&mut self, url: &str) -> Vec<Blocked> {
        self.events.clear();
        let went = self.call("Page.navigate", json!({"url": url}));
        assert!(went["errorText"].is_null(), "{url}: {went}");
        assert!(went["loaderId"].is_string(), "a new document is loaded: {went}");
        self.blocked_once_loaded()
    }

    /// The page where it is asks for something by this script.
    pub fn run(&mut self, script: &str) -> Vec<Blocked> {
        self.events.clear();
        self.call("Runtime.evaluate", json!({"expression": script, "awaitPromise": true}));
        self.blocked()
    }

    /// The page where it is goes elsewhere by this script.
    pub fn leave(&mut self, script: &str) -> Vec<Blocked> {
        self.events.clear();
        self.call("Runtime.evaluate", json!({"expression": script, "awaitPromise": true}));
        self.blocked_once_loaded()
    }

    /// The cookies that it had, and did not send with the last request.
    pub fn held_back(&mut self) -> Vec<Held> {
        let asked = self.events.iter().rfind(|event| event["method"] == "Network.requestWillBeSentExtraInfo");
        let cookies = asked.and_then(|asked| asked["params"]["associatedCookies"].as_array());
        let held = cookies.into_iter().flatten().map(|entry| Held {
            name: text(&entry["cookie"]["name"]),
            domain: text(&entry["cookie"]["domain"]),
            path: text(&entry["cookie"]["path"]),
            reasons: entry["blockedReasons"].as_array().into_iter().flatten().map(text).collect(),
        });
        held.filter(|held| !held.reasons.is_empty()).collect()
    }

    fn blocked_once_loaded(&mut self) -> Vec<Blocked> {
        let blocked = self.blocked();
        self.wait(|event| event["method"] == "Page.loadEventFired");
        blocked
    }

    fn blocked(&mut self) -> Vec<Blocked> {
        let answer = self.wait(|event| event["method"] == "Network.responseReceivedExtraInfo");
        let blocked = answer["params"]["blockedCookies"].as_array().into_iter().flatten();
        let told = blocked.map(|entry| Blocked {
            line: text(&entry["cookieLine"]),
            reasons: entry["blockedReasons"].as_array().into_iter().flatten().map(text).collect(),
        });
        told.collect()
    }

    fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.count += 1;
        let id = self.count;
        let mut message = json!({"id": id, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        self.to.write_all(format!("{message}\0").as_bytes()).expect("the browser listens");
        self.to.flush().expect("the browser listens");
        loop {
            let message = self.hear();
            if message["id"] == id {
                assert!(message["error"].is_null(), "{method}: {message}");
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    fn wait(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.events.iter().position(&is_it) {
            return self.events.remove(at);
        }
        loop {
            let message = self.hear();
            if is_it(&message) {
                return message;
            }
            self.events.push(message);
        }
    }

    fn hear(&mut self) -> Value {
        let mut octets = Vec::new();
        self.from.read_until(0, &mut octets).expect("the browser talks");
        assert_eq!(octets.pop(), Some(0), "the browser is gone");
        serde_json::from_slice(&octets).expect("it talks JSON")
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
