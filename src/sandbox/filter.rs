//! The part of OData's `$filter` that directory queries use.

use serde_json::{Map, Value};

/// A parsed filter.
#[derive(Debug, PartialEq)]
pub(super) enum Filter {
    Or(Vec<Filter>),
    And(Vec<Filter>),
    Not(Box<Filter>),
    Compare(Path, Operator, Value),
    In(Path, Vec<Value>),
    StartsWith(Path, String),
    EndsWith(Path, String),
    /// `path/any(x: inner)`; inside, paths that begin with `x` are relative to the item.
    Any(Path, Box<Filter>),
}

#[derive(Debug, PartialEq, Clone, Copy)]
pub(super) enum Operator {
    Eq,
    Ne,
    Ge,
    Gt,
    Le,
    Lt,
}

/// Where a value stands: from the object, or from the item of the enclosing `any`.
#[derive(Debug, PartialEq)]
pub(super) struct Path {
    of_item: bool,
    names: Vec<String>,
}

/// The service takes no more alternatives than this in one filter.
const MOST_CLAUSES: usize = 15;
/// The properties whose values the directory keeps an index of.
pub(super) const INDEXED: [&str; 5] = ["id", "userPrincipalName", "mail", "otherMails", "proxyAddresses"];
const DEEPEST: usize = 32;

impl Filter {
    /// Parses `text`; properties must be among `known` (with spaces between), which also gives them their spelling.
    pub(super) fn parse(text: &str, known: &str) -> Result<Self, String> {
        let mut parser = Parser { tokens: tokens(text)?, next: 0, depth: 0, item: None, known };
        let filter = parser.or()?;
        match parser.peek() {
            None => Ok(filter),
            Some(token) => Err(format!("Syntax error: unexpected {token:?}.")),
        }
    }

    pub(super) fn matches(&self, object: &Map<String, Value>) -> bool {
        self.holds(object, &Value::Null)
    }

    fn holds(&self, object: &Map<String, Value>, item: &Value) -> bool {
        match self {
            Self::Or(parts) => parts.iter().any(|f| f.holds(object, item)),
            Self::And(parts) => parts.iter().all(|f| f.holds(object, item)),
            Self::Not(inner) => !inner.holds(object, item),
            Self::Compare(path, operator, literal) => operator.holds(path.value(object, item), literal),
            Self::In(path, literals) => {
                let value = path.value(object, item);
                literals.iter().any(|l| Operator::Eq.holds(value, l))
            }
            Self::StartsWith(path, prefix) => {
                path.value(object, item).as_str().is_some_and(|s| lower(s).starts_with(&lower(prefix)))
            }
            Self::EndsWith(path, suffix) => {
                path.value(object, item).as_str().is_some_and(|s| lower(s).ends_with(&lower(suffix)))
            }
            Self::Any(path, inner) => {
                path.value(object, item).as_array().is_some_and(|items| items.iter().any(|i| inner.holds(object, i)))
            }
        }
    }

    /// The strings of which a user must hold one in an indexed property, if the filter demands that.
    pub(super) fn needles(&self) -> Option<Vec<&str>> {
        match self {
            Self::Or(parts) => parts.iter().map(Self::needles).collect::<Option<Vec<_>>>().map(|n| n.concat()),
            Self::And(parts) => parts.iter().find_map(Self::needles),
            Self::Any(path, inner) if path.is_index() => inner.needles(),
            Self::Compare(path, Operator::Eq, Value::String(literal)) if path.is_index() => Some(vec![literal]),
            Self::In(path, literals) if path.is_index() => literals.iter().map(Value::as_str).collect(),
            _ => None,
        }
    }
}

impl Operator {
    fn holds(self, value: &Value, literal: &Value) -> bool {
        let equal = match (value, literal) {
            (Value::String(a), Value::String(b)) => a.eq_ignore_ascii_case(b) || lower(a) == lower(b),
            _ => value == literal,
        };
        // Dates are the only thing ordered here, and theirs is the order of their text.
        let order = value.as_str().zip(literal.as_str()).map(|(a, b)| a.cmp(b));
        match self {
            Self::Eq => equal,
            Self::Ne => !equal,
            Self::Ge => order.is_some_and(|o| o.is_ge()),
            Self::Gt => order.is_some_and(|o| o.is_gt()),
            Self::Le => order.is_some_and(|o| o.is_le()),
            Self::Lt => order.is_some_and(|o| o.is_lt()),
        }
    }
}

impl Path {
    fn is_index(&self) -> bool {
        self.of_item || INDEXED.contains(&self.names[0].as_str())
    }

    /// The object's property; none for a path that begins at an item.
    pub(super) fn property(&self) -> Option<&str> {
        (!self.of_item).then(|| self.names[0].as_str())
    }

    fn value<'a>(&self, object: &'a Map<String, Value>, item: &'a Value) -> &'a Value {
        let mut names = self.names.iter();
        let start = if self.of_item { Some(item) } else { names.next().and_then(|name| object.get(name)) };
        names.fold(start, |value, name| value?.get(name)).unwrap_or(&Value::Null)
    }
}

fn lower(text: &str) -> String {
    text.to_lowercase()
}

#[derive(Debug, PartialEq, Clone)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' => {
                let (literal, length) = quoted(rest)?;
                found.push(Token::Text(literal));
                length
            }
            '(' | ')' | ',' => {
                found.push(Token::Sign(first));
                1
            }
            _ => {
                let length = rest.find([' ', '(', ')', ',', '\'']).unwrap_or(rest.len());
                found.push(Token::Word(rest[..length].to_owned()));
                length
            }
        };
        rest = rest[length..].trim_start();
    }
    Ok(found)
}

/// The literal at the start of `text`, in which a doubled quote stands for one, and its length there.
fn quoted(text: &str) -> Result<(String, usize), String> {
    let mut literal = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != '\'' {
            literal.push(c);
        } else if chars.next_if(|&(_, next)| next == '\'').is_some() {
            literal.push('\'');
        } else {
            return Ok((literal, at + 1));
        }
    }
    Err("There is an unterminated string literal.".to_owned())
}

struct Parser<'a> {
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
    /// The variable of the enclosing `any`.
    item: Option<String>,
    known: &'a str,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn word(&mut self, word: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Token::Word(w)) if w.eq_ignore_ascii_case(word));
        self.next += usize::from(is_next);
        is_next
    }

    fn sign(&mut self, sign: char) -> Result<(), String> {
        if self.peek() != Some(&Token::Sign(sign)) {
            return Err(format!("Syntax error: '{sign}' expected at token {}.", self.next));
        }
        self.next += 1;
        Ok(())
    }

    fn or(&mut self) -> Result<Filter, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("The expression is nested too deeply.".to_owned());
        }
        let mut parts = vec![self.and()?];
        while self.word("or") {
            parts.push(self.and()?);
        }
        self.depth -= 1;
        limited(parts.len())?;
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::Or(parts) })
    }

    fn and(&mut self) -> Result<Filter, String> {
        let mut parts = vec![self.term()?];
        while self.word("and") {
            parts.push(self.term()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::And(parts) })
    }

    fn term(&mut self) -> Result<Filter, String> {
        let mut negated = false;
        while self.word("not") {
            negated = !negated;
        }
        let term = if self.peek() == Some(&Token::Sign('(')) {
            self.sign('(')?;
            let inner = self.or()?;
            self.sign(')')?;
            inner
        } else {
            self.predicate()?
        };
        Ok(if negated { Filter::Not(Box::new(term)) } else { term })
    }

    fn predicate(&mut self) -> Result<Filter, String> {
        if self.word("startsWith") {
            let (path, text) = self.arguments()?;
            return Ok(Filter::StartsWith(path, text));
        }
        if self.word("endsWith") {
            let (path, text) = self.arguments()?;
            return Ok(Filter::EndsWith(path, text));
        }
        let Some(Token::Word(name)) = self.peek().cloned() else {
            return Err(format!("Syntax error: a property is expected at token {}.", self.next));
        };
        self.next += 1;
        if let Some(collection) = name.strip_suffix("/any") {
            return self.any(collection);
        }
        let path = self.path(&name)?;
        if self.word("in") {
            return Ok(Filter::In(path, self.list()?));
        }
        let operator = self.operator()?;
        Ok(Filter::Compare(path, operator, self.literal()?))
    }

    fn arguments(&mut self) -> Result<(Path, String), String> {
        self.sign('(')?;
        let Some(Token::Word(name)) = self.peek().cloned() else {
            return Err("Syntax error: a property is expected as first argument.".to_owned());
        };
        self.next += 1;
        let path = self.path(&name)?;
        self.sign(',')?;
        let Value::String(text) = self.literal()? else {
            return Err("Syntax error: a string is expected as second argument.".to_owned());
        };
        self.sign(')')?;
        Ok((path, text))
    }

    /// What follows `collection/any`. The tokenizer leaves `x:x` or `x:` as one word.
    fn any(&mut self, collection: &str) -> Result<Filter, String> {
        let path = self.path(collection)?;
        self.sign('(')?;
        let Some(Token::Word(word)) = self.peek() else { return Err("Syntax error in the lambda.".to_owned()) };
        let Some((variable, rest)) = word.split_once(':') else {
            return Err("Syntax error: the lambda has no variable.".to_owned());
        };
        let (variable, rest) = (variable.to_owned(), rest.to_owned());
        if rest.is_empty() {
            self.next += 1;
        } else {
            self.tokens[self.next] = Token::Word(rest);
        }
        let outer = self.item.replace(variable);
        let inner = self.or()?;
        self.item = outer;
        self.sign(')')?;
        Ok(Filter::Any(path, Box::new(inner)))
    }

    fn list(&mut self) -> Result<Vec<Value>, String> {
        self.sign('(')?;
        let mut literals = vec![self.literal()?];
        while self.peek() == Some(&Token::Sign(',')) {
            self.sign(',')?;
            literals.push(self.literal()?);
        }
        self.sign(')')?;
        limited(literals.len())?;
        Ok(literals)
    }

    fn path(&self, name: &str) -> Result<Path, String> {
        let mut names = name.split('/').map(str::to_owned).collect::<Vec<_>>();
        let of_item = self.item.as_ref() == names.first();
        if of_item {
            names.remove(0);
        } else {
            let first = self.known.split(' ').find(|k| k.eq_ignore_ascii_case(&names[0]));
            let first = first.ok_or_else(|| format!("Could not find a property named '{}'.", names[0]))?;
            first.clone_into(&mut names[0]);
        }
        Ok(Path { of_item, names })
    }

    fn operator(&mut self) -> Result<Operator, String> {
        use Operator::{Eq, Ge, Gt, Le, Lt, Ne};
        let operators = [("eq", Eq), ("ne", Ne), ("ge", Ge), ("gt", Gt), ("le", Le), ("lt", Lt)];
        let found = operators.into_iter().find(|(word, _)| self.word(word));
        found.map(|(_, operator)| operator).ok_or_else(|| format!("Syntax error: no operator at token {}.", self.next))
    }

    fn literal(&mut self) -> Result<Value, String> {
        let literal = match self.peek() {
            Some(Token::Text(text)) => Value::String(text.clone()),
            Some(Token::Word(word)) => match word.as_str() {
                "null" => Value::Null,
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                date if date.starts_with(|c: char| c.is_ascii_digit()) && date.contains('-') => {
                    Value::String(date.to_owned())
                }
                guid if uuid::Uuid::try_parse(guid).is_ok() => Value::String(guid.to_owned()),
                other => return Err(format!("Syntax error: '{other}' is not a literal.")),
            },
            _ => return Err(format!("Syntax error: a literal is expected at token {}.", self.next)),
        };
        self.next += 1;
        Ok(literal)
    }
}

fn limited(clauses: usize) -> Result<(), String> {
    if clauses > MOST_CLAUSES {
        return Err(format!(
            "Too many child clauses specified in search filter expression containing 'OR' operators: {clauses}. Max \
             allowed: {MOST_CLAUSES}."
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KNOWN: &str = "mail otherMails userType accountEnabled identities createdDateTime";

    fn matches(filter: &str) -> bool {
        let object = json!({
            "mail": "D.O'Brien@Fabrikam.com", "otherMails": ["a@x.com", "ä b@y.com"], "userType": "Guest",
            "accountEnabled": true, "createdDateTime": "2024-05-06T07:08:09Z",
            "identities": [{ "issuer": "mail", "issuerAssignedId": "a@x.com" }],
        });
        Filter::parse(filter, KNOWN).unwrap().matches(object.as_object().unwrap())
    }

    #[test]
    fn what_matches() {
        for filter in [
            "mail eq 'd.o''brien@fabrikam.com'",
            "MAIL EQ 'd.o''brien@fabrikam.com'",
            "mail ne 'x' and userType in ('Member', 'guest')",
            "startsWith(mail,'d.o')",
            "startswith(mail, 'd.o''b') and endswith(mail,'@fabrikam.com')",
            "not(mail eq null)",
            "not startsWith(mail,'x')",
            "otherMails/any(x:x eq 'A@X.com')",
            "otherMails/any(o: startsWith(o,'Ä'))",
            "identities/any(c:c/issuerAssignedId eq 'a@x.com' and c/issuer eq 'mail')",
            "accountEnabled eq true and (userType eq 'x' or userType eq 'Guest')",
            "createdDateTime lt 2025-01-01T00:00:00Z",
        ] {
            assert!(matches(filter), "{filter}");
        }
    }

    #[test]
    fn what_does_not_match() {
        for filter in [
            "mail eq 'brien'",
            "mail eq null",
            "otherMails/any(x:x eq 'b')",
            "userType eq 'Guest' and mail eq 'a' or mail eq 'b'",
            "accountEnabled eq 'true'",
            "createdDateTime ge 2025-01-01T00:00:00Z",
        ] {
            assert!(!matches(filter), "{filter}");
        }
    }

    #[test]
    fn bad_syntax_is_an_error_not_a_panic() {
        let many = format!("mail eq 'a'{}", " or mail eq 'a'".repeat(15));
        let deep = "(".repeat(100_000);
        let nots = format!("{}mail eq 'a'", "not ".repeat(100_000));
        assert!(Filter::parse(&nots, KNOWN).is_ok());
        for filter in [
            "",
            "mail",
            "mail eq",
            "mail eq 'x",
            "mail eq 'a'b'",
            "mail eq 'o'brien'",
            "eq 'x'",
            "mail eq x",
            "foo eq 'x'",
            "mail in ()",
            "mail in ('a'",
            "startsWith(mail)",
            "startsWith(mail,1)",
            "otherMails/any(x eq 'a')",
            "otherMails/any(x:y eq 'a')",
            "otherMails/any(",
            "(mail eq 'a'",
            "mail eq 'a' mail",
            "mail eq 'ä",
            &many,
            &deep,
        ] {
            assert!(Filter::parse(filter, KNOWN).is_err(), "{filter}");
        }
    }

    #[test]
    fn needles_narrow_the_search() {
        let parse = |text| Filter::parse(text, KNOWN).unwrap();
        assert_eq!(parse("mail eq 'a' or otherMails/any(x:x eq 'b')").needles(), Some(vec!["a", "b"]));
        assert_eq!(parse("mail eq 'a' and accountEnabled eq true").needles(), Some(vec!["a"]));
        assert_eq!(parse("mail eq 'a' or startsWith(mail,'b')").needles(), None);
        assert_eq!(parse("userType eq 'Guest'").needles(), None);
        assert_eq!(parse("not (mail eq 'a')").needles(), None);
    }
}
