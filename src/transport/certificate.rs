//! Owns the names in a certificate, for people who have to find out which one it is.
//! Does not judge it, and reads nothing else of it.

/// Whose it is and who says so: the common name of each, or else the organisation.
#[derive(Debug, PartialEq, Eq)]
pub struct Names {
    pub subject: String,
    pub issuer: String,
}

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
/// 2.5.4.3 and 2.5.4.10.
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const ORGANISATION: &[u8] = &[0x55, 4, 10];

/// `None` where it can't be read so far.
pub fn names(der: &[u8]) -> Option<Names> {
    let (_, certificate, _) = element(der)?;
    let (_, mut rest, _) = element(certificate)?;
    if rest.first() == Some(&VERSION) {
        rest = element(rest)?.2;
    }
    // Serial number, algorithm, issuer, validity, subject.
    let mut fields = [&[][..]; 5];
    for field in &mut fields {
        let (_, content, further) = element(rest)?;
        (*field, rest) = (content, further);
    }
    let [_, _, issuer, _, subject] = fields;
    Some(Names { subject: name(subject), issuer: name(issuer) })
}

fn name(sets: &[u8]) -> String {
    let found = attribute(sets, COMMON_NAME).or_else(|| attribute(sets, ORGANISATION));
    found.map_or_else(
        || "nobody by name".to_owned(),
        |octets| format!("`{}`", String::from_utf8_lossy(octets)),
    )
}

/// The first attribute of this kind in a list of sets of pairs.
fn attribute<'a>(mut sets: &'a [u8], kind: &[u8]) -> Option<&'a [u8]> {
    while let Some((_, set, further)) = element(sets) {
        let (tag, pair, _) = element(set)?;
        let (_, found, value) = element(pair)?;
        if tag == SEQUENCE && found == kind {
            return Some(element(value)?.1);
        }
        sets = further;
    }
    None
}

/// The tag and content of the first element, and what is behind it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let [tag, first, rest @ ..] = der else { return None };
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81..=0x84 => {
            let (octets, rest) = rest.split_at_checked(usize::from(first - 0x80))?;
            (octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet)), rest)
        }
        _ => return None,
    };
    let (content, further) = rest.split_at_checked(length)?;
    Some((*tag, content, further))
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair};

    use super::*;

    fn certificate(kind: DnType, value: &str) -> Vec<u8> {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(["a.test".to_owned()]).expect("a name");
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(kind, value);
        params.self_signed(&key).expect("a certificate").der().to_vec()
    }

    #[test]
    fn the_common_name_or_the_organisation_is_shown() {
        for (kind, shown) in [(DnType::CommonName, "`Ada & Co`"), (DnType::OrganizationName, "`Ada & Co`")] {
            let names = names(&certificate(kind, "Ada & Co")).expect("readable");
            assert_eq!((&*names.subject, &*names.issuer), (shown, shown));
        }
        let other = names(&certificate(DnType::CountryName, "FR")).expect("readable");
        assert_eq!(other.subject, "nobody by name");
    }

    #[test]
    fn what_is_cut_short_or_no_certificate_has_no_names() {
        let whole = certificate(DnType::CommonName, "a.test");
        let cut = (0..whole.len()).map(|end| names(&whole[..end]));
        assert!(cut.into_iter().all(|names| names.is_none()));
        for octets in [&[][..], b"text", &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &[0x30, 0x80], &[0x30; 64]] {
            assert_eq!(names(octets), None, "{octets:?}");
        }
    }
}
