//! Owns the tests of the decoder: the values of real producers, and what is none of them.
//! Does not look at pages.

use ::base64::Engine;
use ::base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use super::decode;
use super::layer::{Certainty, Content, Decoded, Kind, Stop};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// Who made it.
    #[serde(rename = "by")]
    _by: String,
    value: String,
    layers: Vec<String>,
    content_kind: String,
    content: serde_json::Value,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../../../fixtures/decode/values.json")).expect("cases")
}

fn codes(decoded: &Decoded) -> Vec<&'static str> {
    decoded.layers.iter().map(|layer| layer.kind.code()).collect()
}

#[test]
fn what_real_producers_wrote_is_known_layer_by_layer() {
    for case in cases() {
        let decoded = decode(case.value.as_bytes());
        assert_eq!(codes(&decoded), case.layers, "{}: {decoded:?}", case.name);
        let (kind, content) = match decoded.content {
            Content::Encrypted => ("encrypted", serde_json::Value::Null),
            Content::Json(text) => ("json", serde_json::from_str(&text).expect("JSON")),
            Content::Octets(octets) => panic!("{}: {octets:?}", case.name),
            Content::Text(text) => ("text", text.into()),
        };
        assert_eq!((kind, content), (&*case.content_kind, case.content), "{}", case.name);
        assert_eq!(decoded.stop, None);
    }
}

#[test]
fn every_kind_is_among_the_values() {
    let seen: Vec<String> = cases().into_iter().flat_map(|case| case.layers).collect();
    for kind in Kind::ALL {
        assert!(seen.iter().any(|code| code == kind.code()), "{kind:?}");
    }
}

#[test]
fn a_signer_says_when() {
    for case in cases().iter().filter(|case| case.layers.first().is_some_and(|first| first == "django")) {
        let at = decode(case.value.as_bytes()).layers[0].signed_at.map(|at| at.timestamp());
        assert_eq!(at, Some(1_777_636_800), "{}", case.name);
    }
    let flask = "eyJ1c2VyX2lkIjo3LCJuYW1lIjoiYWRhIn0.afSVwA.TBzEcQ9_aaMi8uSU4QJ6FsRy9_o";
    assert_eq!(decode(flask.as_bytes()).layers[0].signed_at.map(|at| at.timestamp()), Some(1_777_636_800));
}

#[test]
fn times_of_a_token_are_read_whatever_numbers_they_are() {
    let token = |claims: &str| {
        let part =
            |text: &str| BASE64_STANDARD.encode(text).replace('=', "").replace('+', "-").replace('/', "_");
        format!("{}.{}.c", part(r#"{"alg":"HS256"}"#), part(claims))
    };
    for (claims, expected) in [
        (r#"{"exp":1777636800}"#, Some(1_777_636_800)),
        (r#"{"exp":1777636800.5}"#, Some(1_777_636_800)),
        (r#"{"exp":-1}"#, Some(-1)),
        (r#"{"exp":1e300}"#, None),
        (r#"{"exp":99999999999999999999}"#, None),
        (r#"{"exp":"soon"}"#, None),
        (r#"[1]"#, None),
    ] {
        let decoded = decode(token(claims).as_bytes());
        assert_eq!(codes(&decoded), ["jwt"], "{claims}");
        assert_eq!(decoded.layers[0].claim("exp").map(|at| at.timestamp()), expected, "{claims}");
    }
}

#[test]
fn only_what_proves_itself_is_certain() {
    for (value, expected) in [
        ("dXNlcj1hZGE7IHJvbGU9YWRtaW4=", Certainty::Likely),
        ("eyJhIjpbMSwyLDNdfQ==", Certainty::Certain),
        ("dark:1wImXI:R_MDHA2e2FLJpaM8Qje6nUUhvmr9ctk3ASFmIJHZ7oU", Certainty::Likely),
        ("eyJjYXJ0IjpbMSwyXX0:1wImXI:x7kuewXLo2HilNp9i_SAO0KDUIL-gicNSOdGF1ZQic8", Certainty::Certain),
    ] {
        assert_eq!(decode(value.as_bytes()).layers[0].certainty, expected, "{value}");
    }
}

#[test]
fn what_random_ids_look_like_is_never_more_than_text() {
    // A generator of its own, so that the run is the same each time.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).expect("it fits")
    };
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for length in [4, 8, 16, 22, 24, 32, 43, 64].into_iter().flat_map(|length| [length; 2_000]) {
        let id: Vec<u8> = (0..length).map(|_| letters[next() % letters.len()]).collect();
        let decoded = decode(&id);
        assert_eq!(codes(&decoded), [""; 0], "{}", String::from_utf8_lossy(&id));
    }
}

fn zlib(octets: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(octets).and_then(|()| encoder.finish()).expect("memory takes all")
}

#[test]
fn a_bomb_and_a_tower_are_left_alone_in_time() {
    let bomb = BASE64_STANDARD.encode(zlib(&vec![0; 64 << 20]));
    let decoded = decode(bomb.as_bytes());
    assert_eq!((codes(&decoded), decoded.stop), (vec!["base64", "zlib"], Some(Stop::TooLarge)));
    let tower = (0..100).fold("{}".to_owned(), |inner, _| format!("j:{inner}"));
    assert_eq!(codes(&decode(tower.as_bytes())), [""; 0]);
    let tower = (0..40).fold("a b".to_owned(), |inner, _| inner.replace('%', "%25").replace(' ', "%20"));
    let decoded = decode(tower.as_bytes());
    assert_eq!((decoded.layers.len(), decoded.stop), (16, Some(Stop::TooDeep)));
    let decoded = decode(&vec![b'x'; 5 << 20]);
    assert_eq!((decoded.layers.len(), decoded.stop), (0, Some(Stop::TooLarge)));
}

#[test]
fn long_values_that_almost_are_something_cost_little() {
    for unit in [".", ":", "%41", "s:", "[", "{\"a\":", "\"", "eyJ", "=", "\\", "\u{1b}"] {
        let decoded = decode(unit.repeat((1 << 20) / unit.len()).as_bytes());
        assert!(decoded.layers.len() < 4, "{unit}");
    }
}

#[test]
fn octets_that_are_no_text_stay_what_they_are() {
    assert_eq!(decode(b"\xff\xfe").content, Content::Octets(vec![0xff, 0xfe]));
    assert_eq!(decode(b"%ff").content, Content::Text("%ff".to_owned()));
    assert_eq!(decode(b"").content, Content::Text(String::new()));
    // Broken zlib behind two octets that look like its head.
    assert_eq!(codes(&decode(b"eJxxxxxxxxxxxxxxxxxxxxxx")), [""; 0]);
}
