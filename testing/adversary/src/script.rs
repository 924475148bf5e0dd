//! The form of the bytes: a call, and the answers that its requests get.
//!
//! The byte 0xFF, which does not occur in UTF-8, separates them. The first part is the call: a letter,
//! then its argument. Each other part is an answer: a letter or digit for its status or for the
//! failure of the connection; where a newline follows, one header a line up to an empty line; and the
//! body. After the last answer comes the first again.

/// A function of the contract that a script can call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    TestConnection,
    Discover,
    Inspect,
    Start,
    Status,
    Statuses,
    Cancel,
    Retry,
    Steps,
    Logs,
    Needs,
    Validate,
    MonitorUrl,
}

/// Where a page of a log begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position<'a> {
    Oldest,
    Last(u32),
    After(&'a str),
}

/// A response, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Response {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    Denied,
    Timeout,
    Connect,
    Tls,
    BodyTooLarge,
    Protocol,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Script {
    pub(crate) call: Call,
    /// An external id, the end of a run id, an endpoint, a cursor, or how many lines of a log: it
    /// depends on the call.
    pub(crate) argument: String,
    answers: Vec<Answer>,
}

impl Script {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let mut parts = bytes.split(|byte| *byte == 0xFF);
        let (letter, argument) = parts
            .next()
            .and_then(<[u8]>::split_first)
            .unwrap_or((&b's', b""));
        Self {
            call: call(*letter),
            argument: String::from_utf8_lossy(argument).into_owned(),
            answers: parts.map(answer).collect(),
        }
    }

    /// The argument as where a log begins: the oldest line, so many lines before the end, or a cursor.
    pub(crate) fn position(&self) -> Position<'_> {
        match self.argument.parse() {
            Ok(count) => Position::Last(count),
            Err(_) if self.argument.is_empty() => Position::Oldest,
            Err(_) => Position::After(&self.argument),
        }
    }

    /// The answer to the request of this number, counted from 0.
    pub(crate) fn answer(&self, number: usize) -> Answer {
        match self.answers.len() {
            0 => answer(b"2{}"),
            count => self.answers[number % count].clone(),
        }
    }
}

fn call(letter: u8) -> Call {
    match letter {
        b't' => Call::TestConnection,
        b'd' => Call::Discover,
        b'i' => Call::Inspect,
        b'g' => Call::Start,
        b'a' => Call::Statuses,
        b'c' => Call::Cancel,
        b'r' => Call::Retry,
        b'p' => Call::Steps,
        b'l' => Call::Logs,
        b'n' => Call::Needs,
        b'v' => Call::Validate,
        b'm' => Call::MonitorUrl,
        _ => Call::Status,
    }
}

fn answer(part: &[u8]) -> Answer {
    let (letter, rest) = part.split_first().unwrap_or((&b'2', b""));
    let status = match letter {
        b'd' => return Answer::Denied,
        b't' => return Answer::Timeout,
        b'c' => return Answer::Connect,
        b's' => return Answer::Tls,
        b'b' => return Answer::BodyTooLarge,
        b'p' => return Answer::Protocol,
        b'1' => 204,
        b'3' => 307,
        b'4' => 400,
        b'5' => 500,
        b'6' => 403,
        b'7' => 404,
        b'8' => 503,
        b'9' => 429,
        _ => 200,
    };
    let (headers, body) = headers(rest);
    Answer::Response {
        status,
        headers,
        body: body.to_vec(),
    }
}

fn headers(rest: &[u8]) -> (Vec<(String, String)>, &[u8]) {
    let Some(lines) = rest.strip_prefix(b"\n") else {
        return (Vec::new(), rest);
    };
    let end = lines.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = match end {
        Some(end) => (&lines[..end], &lines[end + 2..]),
        None => (lines, &[][..]),
    };
    let headers = String::from_utf8_lossy(head)
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    (headers, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_a_call_and_its_answers() {
        let script = Script::read(b"p2.t\xff4\nDate: x\n\n{\"a\": 1}\xfft");
        assert_eq!((script.call, &*script.argument), (Call::Steps, "2.t"));
        let refusal = Answer::Response {
            status: 400,
            headers: vec![("date".to_owned(), "x".to_owned())],
            body: b"{\"a\": 1}".to_vec(),
        };
        assert_eq!(script.answer(0), refusal);
        assert_eq!(script.answer(1), Answer::Timeout);
        assert_eq!(script.answer(2), refusal);
    }

    #[test]
    fn the_argument_of_a_log_is_where_it_begins() {
        for (bytes, position) in [
            (&b"l"[..], Position::Oldest),
            (b"l7", Position::Last(7)),
            (b"lx7", Position::After("x7")),
        ] {
            assert_eq!(Script::read(bytes).position(), position);
        }
    }

    #[test]
    fn any_bytes_are_a_script() {
        assert_eq!(Script::read(b"").call, Call::Status);
        assert_eq!(Script::read(b"\xff").answer(7), answer(b"2"));
    }
}
