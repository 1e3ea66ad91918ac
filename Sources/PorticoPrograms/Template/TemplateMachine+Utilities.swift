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
            case .escapeJavaScript:
                TemplateEscaping.appendJavaScript(subject, hasEscapes: false, into: output)
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
        if function == TemplateUtility.escapeJavaScript.rawValue {
            if argument.tag == .string {
                charge(argument.bytes.count >> 3)
                unretainedSink._withUnsafeGuaranteedRef {
                    TemplateEscaping.appendJavaScript(argument.bytes, hasEscapes: false, into: $0)
                }
                if argument.bytes.count > 4096 { checkOutput() }
                return
            }
            if argument.tag == .json, printEscapedNode(argument) { return }
        }
        appendText(utility(function, argument), into: sink)
        checkOutput()
    }

    /// Turns the escapes of a JSON string into those of JavaScript; false for anything else.
    private func printEscapedNode(_ value: TemplateValue) -> Bool {
        withTape(Int(value.length)) { tape in
            guard tape.kind(value.handle) == .escapedString else { return false }
            let text = tape.rawText(value.handle)
            charge(text.count >> 3)
            unretainedSink._withUnsafeGuaranteedRef {
                TemplateEscaping.appendJavaScript(text, hasEscapes: true, into: $0)
            }
            return true
        }
    }
}

/// The encodings that `$util` offers.
enum TemplateEscaping {
    static let hexadecimal = Array("0123456789ABCDEF".utf8)

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
