// Hot: once per use of `$util`. Allocates: the result.

/// `$util`.
extension TemplateMachine {
    func utility(_ function: UInt16, _ argument: TemplateValue) -> TemplateValue {
        guard let function = TemplateUtility(rawValue: function), !argument.isNull else { return .null }
        if function == .parseJson { return parseJSON(argument) }
        let subject = textBytes(argument)
        charge(subject.count >> 3)
        var isGood = true
        let result = text { output in
            switch function {
            case .escapeJavaScript: TemplateEscaping.appendJavaScript(subject, into: output)
            case .urlEncode: TemplateEscaping.appendURLEncoded(subject, into: output)
            case .urlDecode: isGood = TemplateEscaping.appendURLDecoded(subject, into: output)
            case .base64Encode: TemplateEscaping.appendBase64(subject, into: output)
            case .base64Decode: TemplateEscaping.appendBase64Decoded(subject, into: output)
            case .parseJson: break
            }
        }
        return isGood ? TemplateValue(result) : fail("IllegalArgumentException: $util.urlDecode: malformed '%' escape")
    }
}

extension TemplateMachine {
    /// Prints the result of a function, if it can without building it first.
    func printUtility(_ function: UInt16, _ argument: TemplateValue) {
        if function == TemplateUtility.escapeJavaScript.rawValue, let subject = stringBytes(argument) {
            charge(subject.count >> 3)
            unretainedSink._withUnsafeGuaranteedRef { TemplateEscaping.appendJavaScript(subject, into: $0) }
            return
        }
        appendText(utility(function, argument), into: sink)
        checkOutput()
    }
}

/// The encodings that `$util` offers.
enum TemplateEscaping {
    private static let hexadecimal = Array("0123456789ABCDEF".utf8)

    /// What `escapeJavaScript` makes of each ASCII character: 0 itself, 1 `\u00XX`, else a backslash and that letter.
    private static let javaScript: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 128)
        for code in 0..<32 { table[code] = 1 }
        table[0x08] = UInt8(ascii: "b")
        table[0x09] = UInt8(ascii: "t")
        table[0x0A] = UInt8(ascii: "n")
        table[0x0C] = UInt8(ascii: "f")
        table[0x0D] = UInt8(ascii: "r")
        for character in "\"'\\/".utf8 { table[Int(character)] = character }
        return table
    }()

    /// Escapes as commons-lang 2 does: quotes of both kinds, backslash, slash, control characters, and all beyond ASCII.
    /// Unconfirmed: the slash and what is beyond ASCII, on API Gateway.
    static func appendJavaScript(_ text: UnsafeRawBufferPointer, into output: OutputBuffer) {
        javaScript.withUnsafeBufferPointer { table in
            var run = 0
            var place = 0
            while place < text.count {
                let byte = text[place]
                if byte < 0x80 && table[Int(byte)] == 0 {
                    place &+= 1
                    continue
                }
                if run < place { output.append(UnsafeRawBufferPointer(rebasing: text[run..<place])) }
                if byte >= 0x80 {
                    let (scalar, length) = UTF16Text.scalar(text, at: place)
                    appendUnits(scalar, into: output)
                    place &+= length
                } else {
                    if table[Int(byte)] == 1 {
                        appendUnit(UInt32(byte), into: output)
                    } else {
                        output.append(UInt8(ascii: "\\"))
                        output.append(table[Int(byte)])
                    }
                    place &+= 1
                }
                run = place
            }
            if run < place { output.append(UnsafeRawBufferPointer(rebasing: text[run..<place])) }
        }
    }

    private static func appendUnits(_ scalar: UInt32, into output: OutputBuffer) {
        guard scalar > 0xFFFF else { return appendUnit(scalar, into: output) }
        appendUnit(0xD800 + (scalar - 0x10000) >> 10, into: output)
        appendUnit(0xDC00 + (scalar - 0x10000) & 0x3FF, into: output)
    }

    private static func appendUnit(_ unit: UInt32, into output: OutputBuffer) {
        output.append(UInt8(ascii: "\\"))
        output.append(UInt8(ascii: "u"))
        for shift: UInt32 in [12, 8, 4, 0] { output.append(hexadecimal[Int(unit >> shift & 15)]) }
    }

    /// `java.net.URLEncoder` in UTF-8.
    static func appendURLEncoded(_ text: UnsafeRawBufferPointer, into output: OutputBuffer) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "*"),
                UInt8(ascii: "_"):
                output.append(byte)
            case 0x20: output.append(UInt8(ascii: "+"))
            default:
                output.append(UInt8(ascii: "%"))
                output.append(hexadecimal[Int(byte >> 4)])
                output.append(hexadecimal[Int(byte & 15)])
            }
        }
    }

    /// `java.net.URLDecoder` in UTF-8; false when a `%` is not followed by two digits.
    static func appendURLDecoded(_ text: UnsafeRawBufferPointer, into output: OutputBuffer) -> Bool {
        let decoded = OutputBuffer(capacity: max(text.count, 64))
        var place = 0
        while place < text.count {
            switch text[place] {
            case UInt8(ascii: "+"): decoded.append(0x20)
            case UInt8(ascii: "%"):
                guard place + 2 < text.count, let high = digit(text[place + 1]), let low = digit(text[place + 2]) else {
                    return false
                }
                decoded.append(high << 4 | low)
                place += 2
            default: decoded.append(text[place])
            }
            place += 1
        }
        UTF8Text.appendRepaired(decoded.bytes, into: output)
        return true
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 48
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 87
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 55
        default: nil
        }
    }

    private static let base64 = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func appendBase64(_ text: UnsafeRawBufferPointer, into output: OutputBuffer) {
        var place = 0
        while place < text.count {
            let first = UInt32(text[place])
            let second = place + 1 < text.count ? UInt32(text[place + 1]) : 0
            let third = place + 2 < text.count ? UInt32(text[place + 2]) : 0
            let bits = first << 16 | second << 8 | third
            output.append(base64[Int(bits >> 18)])
            output.append(base64[Int(bits >> 12 & 63)])
            output.append(place + 1 < text.count ? base64[Int(bits >> 6 & 63)] : UInt8(ascii: "="))
            output.append(place + 2 < text.count ? base64[Int(bits & 63)] : UInt8(ascii: "="))
            place += 3
        }
    }

    /// Decodes to UTF-8 text, of both alphabets; other characters are passed over, as commons-codec does.
    /// Unconfirmed: what API Gateway does with characters that are not base64.
    static func appendBase64Decoded(_ text: UnsafeRawBufferPointer, into output: OutputBuffer) {
        let decoded = OutputBuffer(capacity: max(text.count, 64))
        var bits: UInt32 = 0
        var count = 0
        for byte in text {
            let value: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - 65
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - 71
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte + 4
            case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
            default: continue
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        UTF8Text.appendRepaired(decoded.bytes, into: output)
    }
}
