//! Owns the HTML of the lab: the list of routes and the login form, with everything from outside escaped.
//! Does not decide which page is shown, nor with which status.

/// The routes, each with a command that tries it, at this host.
pub(super) fn index(host: &str) -> String {
    let rows: String = ROUTES
        .iter()
        .map(|(route, command, says)| {
            let (route, says) = (escape(route), escape(says));
            let command = escape(&command.replace("HOST", host));
            format!("<tr><td>{route}<td>{says}<td><code>{command}</code>\n")
        })
        .collect();
    page("kuki lab", &format!("<table>\n<tr><th>route<th>what it does<th>try it\n{rows}</table>\n"))
}

/// The login form, below what went wrong the last time.
pub(super) fn login(problem: Option<&str>) -> String {
    let problem = problem.map_or(String::new(), |text| format!("<p>{}</p>\n", escape(text)));
    page("log in", &format!("{problem}{FORM}"))
}

/// Text made safe between tags and inside a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

fn page(title: &str, content: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <style>body {{ font: 1rem/1.6 sans-serif; margin: 2rem }} th, td {{ padding-right: 2rem; text-align: left }}</style>\n\
         <h1>{title}</h1>\n{content}</html>\n"
    )
}

const FORM: &str = r#"<form method="post" action="/login">
<label>User <input type="text" name="user" autocomplete="username"></label>
<label>Password <input type="password" name="pass" autocomplete="current-password"></label>
<input type="submit" name="go" value="Log in">
</form>
"#;

/// Route, example command with `HOST` in it, what the route does.
const ROUTES: &[(&str, &str, &str)] = &[
    ("/", "kuki http://HOST/", "this page"),
    (
        "/login",
        "kuki -L -d user=ada -d pass=lovelace http://HOST/login",
        "a login form, for ada / lovelace and grace / hopper",
    ),
    ("/home", "kuki -L http://HOST/home", "a greeting, or the way to the login"),
    ("/whoami", "kuki http://HOST/whoami", "who is logged in, or 401"),
    ("/logout", "kuki -X POST http://HOST/logout", "ends the session"),
    (
        "/set",
        "kuki -v 'http://HOST/set?theme=dark&Path=/&Max-Age=60&HttpOnly'",
        "sets any cookie; line=… is a whole Set-Cookie",
    ),
    ("/echo", "kuki --json {} http://HOST/echo", "the request told back, as JSON"),
    (
        "/redirect/N",
        "kuki -L 'http://HOST/redirect/3?code=307'",
        "N redirects; code=301 … 308, to=URL ends elsewhere",
    ),
    ("/status/N", "kuki -f http://HOST/status/503", "an answer with status N"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_is_escaped() {
        assert_eq!(escape(r#"<a b='"&">"#), "&lt;a b=&#39;&quot;&amp;&quot;&gt;");
        let page = index("<script>");
        assert!(page.contains("kuki http://&lt;script&gt;/whoami"));
        assert!(!page.contains("<script>"));
    }

    #[test]
    fn the_login_form_is_shown_with_and_without_a_problem() {
        assert!(login(None).contains(r#"<input type="password" name="pass""#));
        assert!(login(Some("a < b")).contains("<p>a &lt; b</p>"));
    }
}
