//! Owns the Set-Cookie sequences that are put to Chromium: some written by hand, any number at random.
//! Does not know what becomes of them.

use std::fmt;

use kuki::cookie::site::Kind;

/// Answers in their order, then a request that shows which cookies are there.
#[derive(Clone)]
pub struct Sequence {
    pub steps: Vec<Step>,
    pub probe: Place,
    /// Who makes the last request, if not the user.
    pub initiator: Option<Initiator>,
}

/// A page that makes a request, and the script by which it does.
pub type Initiator = (Place, &'static str);

#[derive(Clone)]
pub struct Step {
    pub at: Place,
    pub initiator: Option<Initiator>,
    pub lines: Vec<Vec<u8>>,
}

#[derive(Clone)]
pub struct Place {
    pub scheme: &'static str,
    pub host: &'static str,
    pub path: &'static str,
}

const FETCH: &str = "fetch(URL, {mode: 'no-cors', credentials: 'include'})";
const NAVIGATE: &str = "location.href = URL";
const POST: &str = "let f = document.createElement('form'); f.method = 'post'; f.action = URL; \
                    document.body.append(f); f.submit()";

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.host, self.path)
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            match &step.initiator {
                Some((page, script)) => writeln!(f, "{} by {page}: {script}", step.at)?,
                None => writeln!(f, "{}", step.at)?,
            }
            for line in step.lines.iter().take(5) {
                let line: String = line.iter().take(200).copied().map(char::from).collect();
                writeln!(f, "  Set-Cookie: {line:?}")?;
            }
        }
        match &self.initiator {
            Some((page, script)) => write!(f, "{} by {page}: {script}", self.probe),
            None => write!(f, "{}", self.probe),
        }
    }
}

/// What a script of an initiator does.
pub fn kind(script: &str) -> Kind {
    match script {
        FETCH => Kind::Fetch,
        POST => Kind::UnsafeNavigation,
        _ => Kind::Navigation,
    }
}

const HOSTS: [&str; 14] = [
    "example.test",
    "www.example.test",
    "a.www.example.test",
    "other.test",
    "www.example.co.uk",
    "example.co.uk",
    "localhost",
    "app.localhost",
    "127.0.0.1",
    "10.1.2.3",
    "x.compute.amazonaws.com",
    "xn--bcher-kva.example",
    "www.b\u{fc}cher.example",
    "[::1]",
];
const PATHS: [&str; 16] = [
    "/",
    "/a",
    "/a/",
    "/a/b",
    "/ab",
    "/a/b/c",
    "/A",
    "/a//b",
    "/a%2Fb",
    "/a/../b",
    "/a;x/b",
    "/a/%2e%2e/c",
    "/a%2fb/c",
    "/%61/b",
    "/\u{e9}/b",
    "/a b/c?q=/a/b",
];
const NAMES: [&str; 34] = [
    "sid",
    "sid",
    "sid",
    "a",
    "a",
    "A",
    "b",
    "n\tm",
    "two words",
    "",
    " ",
    "__Secure-a",
    "__Host-a",
    "__secure-A",
    "__HOST-a",
    "__Http-a",
    "__Host-Http-a",
    "__host-http-A",
    "_Host-a",
    "__Host",
    "n\u{e9}",
    "n,m",
    "\"n\"",
    "n\u{1}",
    "n@[]",
    "$Version",
    "n/m",
    "a\u{7f}",
    "__Secure-",
    "\u{f0}\u{9f}",
    "__SeCuRe-b",
    "__Host-Http-",
    "__http-b",
    "Secure",
];
const VALUES: [&str; 33] = [
    "1",
    "1",
    "1",
    "2",
    "3",
    "",
    "\"q\"",
    "a b",
    "a\tb",
    "a=b",
    "=",
    "a,b",
    "x\u{ff}y",
    "\u{c3}\u{a9}",
    "v\u{1}",
    "v\u{7f}",
    "\u{1b}[31m",
    " lead",
    "trail ",
    "\t",
    "__Secure-v",
    "__Host-v=1",
    "%3D",
    "{\"a\":1}",
    "a%00b",
    "\\x",
    "<b>",
    "\u{f}v",
    "__Http-x",
    "x;y",
    " __Host-Http-v",
    "__secure-v",
    "__Host",
];
const ATTRIBUTES: [&str; 134] = [
    "Path=/",
    "Path=/",
    "Path=/",
    "Path=/a",
    "Path=/a/",
    "Path=/a/b",
    "Path=a",
    "Path=",
    "Path",
    "path=/A",
    "Path=\"/\"",
    "Path=/a;Path=/b",
    "Path=/b;Path=",
    "Path=/a%2Fb",
    "Path=/\u{e9}",
    "Path=/a b",
    "Path= /a ",
    "Path=/;Path=x",
    "Path=/a\tb",
    "Path=//",
    "Path=/.",
    "Path=/?x",
    "Domain=example.test",
    "Domain=.example.test",
    "Domain=..example.test",
    "Domain=www.example.test",
    "Domain=EXAMPLE.test",
    "Domain=example.test.",
    "Domain=test",
    "Domain=.",
    "Domain=",
    "Domain",
    "Domain=other.test",
    "Domain=ample.test",
    "Domain=example.test:80",
    "Domain=http://example.test",
    "Domain=\"example.test\"",
    "Domain=co.uk",
    "Domain=example.co.uk",
    "Domain=localhost",
    "Domain=.localhost",
    "Domain=127.0.0.1",
    "Domain=.127.0.0.1",
    "Domain=0.0.1",
    "Domain=127.1",
    "Domain=10.1.2.3",
    "Domain=amazonaws.com",
    "Domain=compute.amazonaws.com",
    "Domain=x.compute.amazonaws.com",
    "Domain=xn--bcher-kva.example",
    "Domain=b\u{c3}\u{bc}cher.example",
    "Domain=B\u{c3}\u{9c}CHER.example",
    "Domain=example.test;Domain=",
    "Domain=other.test;Domain=example.test",
    "Domain=example.test;Domain=other.test",
    "Domain= example.test ",
    "Domain=exa mple.test",
    "Domain=*.example.test",
    "Domain=www.example.test.",
    "Domain=%65xample.test",
    "Domain=example.test/",
    "Domain=example.test,",
    "Secure",
    "Secure",
    "secure",
    "SECURE=",
    "Secure=false",
    "Secure\t",
    "HttpOnly",
    "HttpOnly",
    "httponly=0",
    "SameSite=Lax",
    "SameSite=Strict",
    "SameSite=None",
    "SameSite=none",
    "SameSite=",
    "SameSite=x",
    "SameSite",
    "SameSite=None;SameSite=Lax",
    "SameSite=Strict;SameSite=x",
    "SameSite=\"Lax\"",
    "SameSite=None;Secure",
    "Partitioned",
    "Partitioned;Secure",
    "partitioned=1",
    "Max-Age=100",
    "Max-Age=0",
    "Max-Age=-1",
    "Max-Age=+5",
    "Max-Age=x",
    "Max-Age=",
    "Max-Age=1.5",
    "Max-Age=\"9\"",
    "Max-Age=99999999999999999999",
    "Max-Age=0;Max-Age=x",
    "Max-Age=0;Max-Age=50",
    "Max-Age=50;Max-Age=0",
    "Max-Age=-",
    "Max-Age=-99999999999999999999",
    "Max-Age= 5 ",
    "Max-Age=5 5",
    "Max-Age=0x10",
    "Max-Age=-0",
    "Expires=DATE",
    "Expires=DATE",
    "Expires=DATE;Max-Age=100",
    "Expires=DATE;Expires=x",
    "Unknown",
    "=x",
    "",
    "Max-Age=100;Expires=DATE",
    "Expires=DATE;Max-Age=0",
    "Max-Age=0;Expires=DATE",
    "Expires=DATE;Expires=DATE",
    "Expires=\"DATE\"",
    "Expires = DATE",
    "Path = /a",
    " Path=/ ",
    "\tDomain\t=\texample.test\t",
    "Path=/LONG",
    "Path=/;Path=/LONG",
    "Domain=LONG",
    "SameSite=LONG",
    "SameSite=Strict;SameSite=LONG",
    "Max-Age=LONG",
    "Max-Age=0;Max-Age=LONG",
    "Expires=LONG",
    "HttpOnly=LONG",
    "Secure=LONG",
    "Unknown=LONG",
    "Domain=[::1]",
    "Domain=::1",
    "Domain=b\u{c3}\u{bc}cher.example;Path=/",
    "Path=/%61",
];
const DATES: [&str; 48] = [
    "Fri, 07 Aug 2037 08:04:19 GMT",
    "Fri, 07 Aug 2007 08:04:19 GMT",
    "Friday, 07-Aug-37 08:04:19 GMT",
    "Fri Aug  7 08:04:19 2007",
    "07 Aug 2007 08:04:19x",
    "07x Aug 2007 08:04:19",
    "07 Aug 2007x 08:04:19",
    "07 Aug 2007 08:04:19:00",
    "7 August 07 8:4:9",
    "07 Aug 0 08:04:19",
    "07 Aug 131 08:04:19",
    "07 Aug 02007 08:04:19",
    "07 Aug 1600 08:04:19",
    "07 Aug 1601 08:04:19",
    "07 Aug 69 08:04:19",
    "07 Aug 70 08:04:19",
    "32 Aug 2007 08:04:19",
    "00 Aug 2007 08:04:19",
    "31 Feb 2007 08:04:19",
    "29 Feb 2007 08:04:19",
    "30 Feb 2004 08:04:19",
    "07 Aug 2007 24:00:00",
    "07 Aug 2007 23:60:00",
    "07 Aug 2007 23:59:60",
    "07 Agu 2007 08:04:19",
    "07 Aug 2007",
    "08:04:19 2007 Aug 07",
    "2007-08-07T08:04:19Z",
    "2007-08-07 08:04:19",
    "Tue, 07/Aug/2007 08:04:19",
    "1186473859",
    "0",
    "",
    "07 Aug 2007 8:04 PM",
    "07 Aug 2007 08.04.19",
    "Aug 07 2007 008:04:19",
    "007 Aug 2007 08:04:19",
    "07 Aug 20070 08:04:19",
    "07 Aug 200700 08:04:19",
    "07 AUGUST 2007 08:04:19",
    "07,Aug,2007,08:04:19",
    "07 Aug Sep 2007 08:04:19",
    "08:04:19 09:04:19 07 Aug 2007",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Thu, 01 Jan 1970 00:00:00 +0100",
    "07 Aug -2007 08:04:19",
    "7 Aug 7 08:04:19",
    "99 Aug 07 08:04:19",
];
/// Times of the day, years and days as nobody should write them.
const TIMES: [&str; 39] = [
    "07 Aug 2007 8:4:9",
    "07 Aug 2007 008:04:19",
    "07 Aug 2007 08:004:19",
    "07 Aug 2007 08:04:019",
    "07 Aug 2007 0008:04:19",
    "07 Aug 2007 00000008:04:19",
    "07 Aug 2007 108:04:19",
    "07 Aug 2007 +8:04:19",
    "07 Aug 2007 08:04",
    "07 Aug 2007 08:04:",
    "07 Aug 2007 :04:19",
    "07 Aug 2007 08::19",
    "07 Aug 2007 x08:04:19",
    "07 Aug 2007 08:04:1a",
    "07 Aug 2007 08:04:19.5",
    "07 Aug 2007 08:04:19 x",
    "1 Aug 2007 08:04:19",
    "001 Aug 2007 08:04:19",
    "7th Aug 2007 08:04:19",
    "+7 Aug 2007 08:04:19",
    "07 Augx 2007 08:04:19",
    "07 xAug 2007 08:04:19",
    "07 Au 2007 08:04:19",
    "07 08 2007 08:04:19",
    "07 Aug 1 08:04:19",
    "07 Aug 99 08:04:19",
    "07 Aug 999 08:04:19",
    "07 Aug 00007 08:04:19",
    "07 Aug 000007 08:04:19",
    "07 Aug 2007 2008 08:04:19",
    "2007 07 Aug 08:04:19",
    "07 08 Aug 2007 08:04:19",
    "2007 Aug 2008 08:04:19",
    "07 Aug Aug 2007 08:04:19",
    "07 Aug 2007 08:04:19 AM",
    "07 Aug 2007 08:04:19 +2400",
    "08:04:19 x 07 Aug 2007",
    "07\"Aug\"2007 08:04:19",
    "07_Aug_2007_08:04:19",
];
const FROM: [&str; 5] = ["other.test", "www.example.test", "example.test", "example.co.uk", "localhost"];

/// The numbers of a chance that is always the same.
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or_default() % count
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    fn place(&mut self, host: &'static str) -> Place {
        Place { scheme: self.of(&["http", "https"]), host, path: self.of(&PATHS) }
    }

    fn line(&mut self) -> Vec<u8> {
        let (name, value) = (self.of(&NAMES), self.of(&VALUES));
        let mut line = match self.below(12) {
            0 => value.to_owned(),
            1 => format!("={value}"),
            2 => format!(" {name} = {value} "),
            _ => format!("{name}={value}"),
        };
        if self.below(60) == 0 {
            line.push_str(&"x".repeat(4096 - line.len() + self.below(5)));
        }
        if self.below(60) == 0 {
            line.push_str(
                &"\u{c3}\u{a9}".repeat(4096usize.saturating_sub(line.chars().count()) / 2 + self.below(3)),
            );
        }
        for _ in 0..self.below(5) {
            line.push_str(self.of(&[";", "; ", "; ", " ;\t"]));
            let attribute = self.of(&ATTRIBUTES).replace("DATE", self.of(&DATES));
            line.push_str(&attribute.replace("LONG", &"0".repeat(1022 + self.below(4))));
        }
        octets(&line)
    }

    fn sequence(&mut self) -> Sequence {
        let host = self.of(&HOSTS);
        let family: Vec<_> = HOSTS.into_iter().filter(|other| related(host, other)).collect();
        let mut steps = Vec::new();
        for _ in 0..=self.below(3) {
            let host = self.of(&family);
            let lines = (0..=self.below(2)).map(|_| self.line()).collect();
            let at = self.place(host);
            let initiator = if self.below(12) == 0 { Some(self.initiator(&at)) } else { None };
            steps.push(Step { at, initiator, lines });
        }
        let host = self.of(&family);
        let mut probe = self.place(host);
        // Mostly where cookies are found.
        if self.below(2) == 0 {
            probe = steps[0].at.clone();
        }
        let initiator = if self.below(8) == 0 { Some(self.initiator(&probe)) } else { None };
        Sequence { steps, probe, initiator }
    }

    fn initiator(&mut self, target: &Place) -> Initiator {
        let script = self.of(&[FETCH, NAVIGATE, POST]);
        // A page that was read over https may only go to what is asked for over http.
        let may_be_secure = script == NAVIGATE || target.scheme == "https";
        let scheme = if may_be_secure { self.of(&["http", "https"]) } else { "http" };
        let host = if self.below(3) == 0 { target.host } else { self.of(&FROM) };
        (Place { scheme, host, path: "/" }, script)
    }
}

/// Does one end in the other, or do they end alike?
fn related(one: &str, other: &str) -> bool {
    let end = |host: &str| host.rsplit('.').next().map(str::to_owned);
    end(one) == end(other)
}

/// Text whose letters stand for octets.
fn octets(text: &str) -> Vec<u8> {
    text.chars().filter_map(|letter| u8::try_from(letter).ok()).collect()
}

pub fn random(seed: u64) -> impl Iterator<Item = Sequence> {
    let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    std::iter::repeat_with(move || chance.sequence())
}

/// Each departure from the RFC that is known, and what random sequences seldom come to.
pub fn fixed() -> Vec<Sequence> {
    let at = |url: &'static str| {
        let (scheme, rest) = url.split_once("://").expect("a scheme");
        let slash = rest.find('/').expect("a path");
        Place { scheme, host: &rest[..slash], path: &rest[slash..] }
    };
    let step = |url, lines: &[&str]| answer(at(url), lines.iter().map(|line| octets(line)).collect());
    let flood = |count: usize| (0..count).map(|number| format!("c{number}={number}")).collect::<Vec<_>>();
    let flood = |count| flood(count).iter().map(|line| octets(line)).collect::<Vec<_>>();
    let plain = |steps, probe| Sequence { steps, probe: at(probe), initiator: None };
    // Of dates in the past those that can be read leave no cookie.
    let dates = DATES.iter().chain(&TIMES).enumerate().map(|(at, date)| format!("d{at}=1; Expires={date}"));
    let dates = dates.map(|line| octets(&line)).collect();
    vec![
        plain(vec![answer(at("https://dates.test/"), dates)], "https://dates.test/"),
        plain(vec![answer(at("https://dates.test/"), delimited(0x09..0x80))], "https://dates.test/"),
        plain(vec![answer(at("https://dates.test/"), delimited(0x80..0xff))], "https://dates.test/"),
        plain(
            vec![
                step("https://example.test/", &["a=1", "b=1", "c=1"]),
                step("https://example.test/", &["a=2", "b=1; HttpOnly"]),
            ],
            "https://example.test/",
        ),
        plain(vec![answer(at("http://example.test/"), flood(200))], "http://example.test/"),
        plain(
            vec![
                step("https://www.example.test/", &["s=1; Secure", "d=1; Domain=example.test"]),
                answer(at("https://www.example.test/"), flood(181)),
            ],
            "https://www.example.test/",
        ),
        plain(
            vec![
                step("https://example.test/a/b", &["s=1; Secure; Path=/a"]),
                step("http://example.test/a/b", &["s=2; Path=/a/b", "s=3; Path=/", "s=4; Path=/a"]),
            ],
            "https://example.test/a/b",
        ),
        plain(
            vec![
                step("https://www.example.test/", &["a=1", "b=1; Domain=www.example.test", "c=1"]),
                step("https://www.example.test/", &["a=2; Domain=www.example.test", "b=2", "c=; Max-Age=0"]),
                step("https://www.example.test/", &["b=; Max-Age=0; Domain=www.example.test"]),
            ],
            "https://www.example.test/",
        ),
        plain(
            vec![
                answer(at("https://www.example.test/"), flood(100)),
                answer(at("https://a.www.example.test/"), flood(70)),
                // Seen again, the first ones are no longer those that were used longest ago, if ten are set anew.
                answer(at("https://www.example.test/"), flood(10)),
                step("https://example.test/", &["x=1; Domain=example.test", "y=1; Secure", "z=1"]),
                answer(at("https://other.test/"), flood(20)),
                answer(at("https://a.www.example.test/x/"), flood(20)),
            ],
            "https://www.example.test/",
        ),
        plain(
            vec![
                answer(at("https://one.example.co.uk/"), flood(100)),
                answer(at("https://two.example.co.uk/"), flood(100)),
            ],
            "https://one.example.co.uk/",
        ),
        plain(
            vec![answer(at("http://10.1.2.3/"), flood(179)), answer(at("http://10.1.2.4/"), flood(20))],
            "http://10.1.2.3/",
        ),
    ]
}

fn answer(at: Place, lines: Vec<Vec<u8>>) -> Step {
    Step { at, initiator: None, lines }
}

/// Dates whose parts are delimited by one octet after the other, and by nothing else.
fn delimited(octets: std::ops::Range<u8>) -> Vec<Vec<u8>> {
    let good = octets.filter(|octet| *octet == b'\t' || !octet.is_ascii_control() && *octet != b';');
    let one = |octet: u8| {
        let date = b"Fri, 07 Aug 2007 08:04:19".map(|other| if other == b' ' { octet } else { other });
        [format!("d{octet}=1; Expires=").as_bytes(), &date].concat()
    };
    good.map(one).collect()
}
