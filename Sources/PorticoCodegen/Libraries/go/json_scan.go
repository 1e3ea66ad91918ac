package sdk

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonKind is a kind of JSON value.
type jsonKind byte

const (
	kindAny     jsonKind = 0
	kindObject  jsonKind = '{'
	kindArray   jsonKind = '['
	kindString  jsonKind = '"'
	kindNumber  jsonKind = '0'
	kindBoolean jsonKind = 't'
	kindNull    jsonKind = 'n'
)

// String says the kind with its article, for messages.
func (k jsonKind) String() string {
	switch k {
	case kindObject:
		return "an object"
	case kindArray:
		return "an array"
	case kindString:
		return "a string"
	case kindNumber:
		return "a number"
	case kindBoolean:
		return "a boolean"
	case kindNull:
		return "null"
	}
	return "no JSON"
}

// jsonError says what is wrong with JSON, and where.
type jsonError struct {
	path   string
	reason string
}

func (e *jsonError) Error() string { return e.path + ": " + e.reason }

// jsonPath is where a value stands in a document.
type jsonPath struct{ steps []jsonStep }

// jsonStep leads to a property, or to an element if the name is empty.
type jsonStep struct {
	name    string
	index   int
	isIndex bool
}

func (p *jsonPath) property(name string) { p.steps = append(p.steps, jsonStep{name: name}) }
func (p *jsonPath) element(index int) {
	p.steps = append(p.steps, jsonStep{index: index, isIndex: true})
}
func (p *jsonPath) leave() { p.steps = p.steps[:len(p.steps)-1] }

// String writes the path as $.pets[0].name.
func (p *jsonPath) String() string {
	var text strings.Builder
	text.WriteByte('$')
	for _, step := range p.steps {
		switch {
		case step.isIndex:
			text.WriteString("[" + strconv.Itoa(step.index) + "]")
		case isPlainName(step.name):
			text.WriteString("." + step.name)
		default:
			text.WriteString("[" + strconv.Quote(step.name) + "]")
		}
	}
	return text.String()
}

func isPlainName(name string) bool {
	for i := 0; i < len(name); i++ {
		c := name[i]
		isLetter := c == '_' || c == '-' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !isLetter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}

// scanner reads the tokens of JSON (RFC 8259) and knows where it is.
type scanner struct {
	data  []byte
	pos   int
	depth int
	path  jsonPath
}

func (s *scanner) fail(reason string) error { return &jsonError{path: s.path.String(), reason: reason} }

// failSyntax is about the whole: what is no JSON has no places.
func (s *scanner) failSyntax() error {
	if s.pos >= len(s.data) {
		return &jsonError{path: "$", reason: "the JSON ends too early"}
	}
	return &jsonError{path: "$", reason: "not valid JSON at byte " + strconv.Itoa(s.pos)}
}

// peek passes blanks and tells what kind of value comes.
func (s *scanner) peek() jsonKind {
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; c {
		case ' ', '\t', '\r', '\n':
			s.pos++
		case '{', '[', '"', 't', 'n':
			return jsonKind(c)
		case 'f':
			return kindBoolean
		case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			return kindNumber
		default:
			return kindAny
		}
	}
	return kindAny
}

// expect passes blanks and, if the next value is of the kind, says nothing.
func (s *scanner) expect(kind jsonKind) error {
	got := s.peek()
	if got == kind {
		return nil
	}
	if got == kindAny {
		return s.failSyntax()
	}
	return s.fail("expected " + kind.String() + ", found " + got.String())
}

// take passes blanks and the byte, if it is next.
func (s *scanner) take(c byte) bool {
	s.peek()
	if s.pos < len(s.data) && s.data[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

func (s *scanner) word(word string) bool {
	if !strings.HasPrefix(string(s.data[s.pos:min(s.pos+len(word), len(s.data))]), word) {
		return false
	}
	s.pos += len(word)
	return true
}

// end makes sure that nothing but blanks follows.
func (s *scanner) end() error {
	s.peek()
	if s.pos < len(s.data) {
		return s.failSyntax()
	}
	return nil
}

// object calls member for each member, which must read its value.
func (s *scanner) object(member func(name string) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	if !s.take('}') {
		for {
			if err := s.expect(kindString); err != nil {
				return s.failSyntax()
			}
			name, err := s.text()
			if err != nil {
				return err
			}
			if !s.take(':') {
				return s.failSyntax()
			}
			s.path.property(name)
			if err := member(name); err != nil {
				return err
			}
			s.path.leave()
			if s.take('}') {
				break
			}
			if !s.take(',') {
				return s.failSyntax()
			}
		}
	}
	s.depth--
	return nil
}

// array calls element for each element, which must read it.
func (s *scanner) array(element func(index int) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	if !s.take(']') {
		for index := 0; ; index++ {
			s.path.element(index)
			if err := element(index); err != nil {
				return err
			}
			s.path.leave()
			if s.take(']') {
				break
			}
			if !s.take(',') {
				return s.failSyntax()
			}
		}
	}
	s.depth--
	return nil
}

// enter passes the bracket of an object or array.
func (s *scanner) enter() error {
	s.depth++
	if s.depth > maxDepth {
		return s.fail("nested deeper than " + strconv.Itoa(maxDepth) + " levels")
	}
	s.pos++
	return nil
}

// skip reads a value of any kind and returns its text.
func (s *scanner) skip() ([]byte, error) {
	kind := s.peek()
	start := s.pos
	var err error
	switch kind {
	case kindObject:
		err = s.object(func(string) error { _, err := s.skip(); return err })
	case kindArray:
		err = s.array(func(int) error { _, err := s.skip(); return err })
	case kindString:
		_, err = s.text()
	case kindNumber:
		_, err = s.number()
	case kindBoolean:
		_, err = s.boolean()
	case kindNull:
		err = s.null()
	default:
		err = s.failSyntax()
	}
	return s.data[start:s.pos], err
}

func (s *scanner) null() error {
	if !s.word("null") {
		return s.failSyntax()
	}
	return nil
}

func (s *scanner) boolean() (bool, error) {
	switch {
	case s.word("true"):
		return true, nil
	case s.word("false"):
		return false, nil
	}
	return false, s.failSyntax()
}

// number returns the text of a number.
func (s *scanner) number() (string, error) {
	start := s.pos
	if s.pos < len(s.data) && s.data[s.pos] == '-' {
		s.pos++
	}
	if s.pos < len(s.data) && s.data[s.pos] == '0' {
		s.pos++
	} else if !s.digits() {
		return "", s.failSyntax()
	}
	if s.pos < len(s.data) && s.data[s.pos] == '.' {
		s.pos++
		if !s.digits() {
			return "", s.failSyntax()
		}
	}
	if s.pos < len(s.data) && (s.data[s.pos] == 'e' || s.data[s.pos] == 'E') {
		s.pos++
		if s.pos < len(s.data) && (s.data[s.pos] == '+' || s.data[s.pos] == '-') {
			s.pos++
		}
		if !s.digits() {
			return "", s.failSyntax()
		}
	}
	return string(s.data[start:s.pos]), nil
}

func (s *scanner) digits() bool {
	start := s.pos
	for s.pos < len(s.data) && s.data[s.pos] >= '0' && s.data[s.pos] <= '9' {
		s.pos++
	}
	return s.pos > start
}

// text reads a string. Bytes that are no UTF-8 and halves of surrogate pairs become U+FFFD.
func (s *scanner) text() (string, error) {
	s.pos++
	start := s.pos
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; {
		case c == '"':
			text := s.data[start:s.pos]
			s.pos++
			return strings.ToValidUTF8(string(text), string(utf8.RuneError)), nil
		case c == '\\':
			return s.escapedText(append(make([]byte, 0, len(s.data[start:s.pos])+32), s.data[start:s.pos]...))
		case c < ' ':
			return "", s.failSyntax()
		default:
			s.pos++
		}
	}
	return "", s.failSyntax()
}

// escapedText reads on where a string has its first escape.
func (s *scanner) escapedText(text []byte) (string, error) {
	for s.pos < len(s.data) {
		c := s.data[s.pos]
		switch {
		case c == '"':
			s.pos++
			return strings.ToValidUTF8(string(text), string(utf8.RuneError)), nil
		case c == '\\':
			r, ok := s.escape()
			if !ok {
				return "", s.failSyntax()
			}
			text = utf8.AppendRune(text, r)
		case c < ' ':
			return "", s.failSyntax()
		default:
			text = append(text, c)
			s.pos++
		}
	}
	return "", s.failSyntax()
}

func (s *scanner) escape() (rune, bool) {
	if s.pos+1 >= len(s.data) {
		return 0, false
	}
	c := s.data[s.pos+1]
	if c != 'u' {
		i := strings.IndexByte(`"\/bfnrt`, c)
		if i < 0 {
			return 0, false
		}
		s.pos += 2
		return rune("\"\\/\b\f\n\r\t"[i]), true
	}
	first, ok := s.hexadecimal()
	if !ok || !utf16.IsSurrogate(first) {
		return first, ok
	}
	if s.pos+1 < len(s.data) && s.data[s.pos] == '\\' && s.data[s.pos+1] == 'u' {
		start := s.pos
		second, ok := s.hexadecimal()
		if pair := utf16.DecodeRune(first, second); ok && pair != utf8.RuneError {
			return pair, true
		}
		s.pos = start
	}
	return utf8.RuneError, true
}

// hexadecimal reads \u and four digits.
func (s *scanner) hexadecimal() (rune, bool) {
	if s.pos+6 > len(s.data) {
		return 0, false
	}
	value, err := strconv.ParseUint(string(s.data[s.pos+2:s.pos+6]), 16, 32)
	if err != nil {
		return 0, false
	}
	s.pos += 6
	return rune(value), true
}
