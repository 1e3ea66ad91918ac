// Hot: once per date of a request that a condition compares. Allocates: nothing.

/// Dates of conditions, in microseconds since 1970.
///
/// *Source:* IAM guide, "Date condition operators": ISO 8601 in the forms of W3C's note, or seconds since 1970. Four
/// digits alone are seconds.
enum PolicyDate {
    /// Reads either form; `nil` when it is neither. Digits beyond microseconds are dropped.
    static func microseconds(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard text.count <= 40 else { return nil }
        return epoch(text) ?? calendar(text)
    }

    private static func epoch(_ text: UnsafeRawBufferPointer) -> Int64? {
        var at = 0
        let isNegative = text.first == 0x2D
        if isNegative { at = 1 }
        // Twelve digits of seconds reach beyond any calendar.
        guard let seconds = digits(text, &at, 1...12)?.value else { return nil }
        let fraction = fraction(text, &at)
        guard let fraction, at == text.count else { return nil }
        let value = seconds * 1_000_000 + fraction
        return isNegative ? 0 - value : value
    }

    private static func calendar(_ text: UnsafeRawBufferPointer) -> Int64? {
        var at = 0
        guard let year = digits(text, &at, 4...4)?.value, take(text, &at, 0x2D),
            let month = digits(text, &at, 2...2)?.value, (1...12).contains(month)
        else { return nil }
        var day: Int64 = 1
        if take(text, &at, 0x2D) {
            guard let value = digits(text, &at, 2...2)?.value, value >= 1, value <= days(year, month) else {
                return nil
            }
            day = value
        } else if at < text.count {
            return nil
        }
        var result = daysSince1970(year, month, day) * 86_400_000_000
        if at == text.count { return result }
        guard take(text, &at, 0x54), let hour = digits(text, &at, 2...2)?.value, hour < 24, take(text, &at, 0x3A),
            let minute = digits(text, &at, 2...2)?.value, minute < 60
        else { return nil }
        result += (hour * 60 + minute) * 60_000_000
        if take(text, &at, 0x3A) {
            // 60 is a leap second, and the next minute's first.
            guard let second = digits(text, &at, 2...2)?.value, second <= 60, let fraction = fraction(text, &at) else {
                return nil
            }
            result += second * 1_000_000 + fraction
        }
        guard let offset = zone(text, &at), at == text.count else { return nil }
        return result - offset * 60_000_000
    }

    /// Minutes ahead of UTC.
    private static func zone(_ text: UnsafeRawBufferPointer, _ at: inout Int) -> Int64? {
        if take(text, &at, 0x5A) { return 0 }
        let isBehind = at < text.count && text[at] == 0x2D
        guard isBehind || (at < text.count && text[at] == 0x2B) else { return nil }
        at += 1
        guard let hours = digits(text, &at, 2...2)?.value, hours < 24 else { return nil }
        _ = take(text, &at, 0x3A)
        guard let minutes = digits(text, &at, 2...2)?.value, minutes < 60 else { return nil }
        let offset = hours * 60 + minutes
        return isBehind ? 0 - offset : offset
    }

    @inline(__always)
    private static func take(_ text: UnsafeRawBufferPointer, _ at: inout Int, _ byte: UInt8) -> Bool {
        guard at < text.count, text[at] == byte else { return false }
        at += 1
        return true
    }

    private static func digits(
        _ text: UnsafeRawBufferPointer, _ at: inout Int, _ length: ClosedRange<Int>
    ) -> (value: Int64, length: Int)? {
        var value: Int64 = 0
        var count = 0
        while at < text.count, count < length.upperBound, text[at] &- 0x30 < 10 {
            value = value * 10 + Int64(text[at] - 0x30)
            at += 1
            count += 1
        }
        return count >= length.lowerBound ? (value, count) : nil
    }

    /// Microseconds after a point; 0 without one, `nil` without digits behind it.
    private static func fraction(_ text: UnsafeRawBufferPointer, _ at: inout Int) -> Int64? {
        guard take(text, &at, 0x2E) else { return 0 }
        guard let (value, length) = digits(text, &at, 1...6) else { return nil }
        while at < text.count, text[at] &- 0x30 < 10 { at += 1 }
        return (length..<6).reduce(value) { value, _ in value * 10 }
    }

    private static func days(_ year: Int64, _ month: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days of the Gregorian calendar, from March on, so that the leap day is a year's last.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Appends a time in ISO 8601, to the second: `2026-01-31T23:59:59Z`.
    static func append(epochSeconds: Int64, into output: OutputBuffer) {
        // Years 0 to 9999.
        let seconds = min(max(epochSeconds, -62_167_219_200), 253_402_300_799)
        let days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        let ofDay = seconds - days * 86400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let calendarMonth = month < 10 ? month + 3 : month - 9
        let year = yearOfEra + era * 400 + (calendarMonth <= 2 ? 1 : 0)
        append(year / 100, into: output)
        append(year % 100, into: output)
        output.append(0x2D)
        append(calendarMonth, into: output)
        output.append(0x2D)
        append(day, into: output)
        output.append(0x54)
        append(ofDay / 3600, into: output)
        output.append(0x3A)
        append(ofDay / 60 % 60, into: output)
        output.append(0x3A)
        append(ofDay % 60, into: output)
        output.append(0x5A)
    }

    private static func append(_ pair: Int64, into output: OutputBuffer) {
        output.append(UInt8(truncatingIfNeeded: 0x30 + pair / 10))
        output.append(UInt8(truncatingIfNeeded: 0x30 + pair % 10))
    }
}
