public import Foundation

extension PorticoSDK {
    /// A day without time and zone.
    public struct CalendarDate: Hashable, Comparable, Sendable, CustomStringConvertible {
        /// 1 to 9999.
        public let year: Int
        /// 1 to 12.
        public let month: Int
        /// 1 to 31.
        public let day: Int

        /// Makes a day; `nil` if the calendar does not have it.
        public init?(year: Int, month: Int, day: Int) {
            guard (0...9999).contains(year), (1...12).contains(month),
                (1...RFC3339.days(in: month, of: year)).contains(day)
            else { return nil }
            self.year = year
            self.month = month
            self.day = day
        }

        /// Reads `2024-02-29`; `nil` if the text is no day.
        public init?(_ text: String) {
            var reader = RFC3339.Reader(text)
            guard let value = reader.date(), reader.isAtEnd else { return nil }
            self = value
        }

        /// The day of a time in UTC, or in another zone; `nil` outside of the years 0 to 9999.
        public init?(_ date: Date, in zone: TimeZone = .gmt) {
            let seconds = (date.timeIntervalSince1970 + Double(zone.secondsFromGMT(for: date))).rounded(.down)
            guard let whole = Int64(exactly: seconds), let value = RFC3339.day(ofSeconds: whole) else { return nil }
            self = value
        }

        /// `2024-02-29`
        public var description: String {
            RFC3339.padded(year, 4) + "-" + RFC3339.padded(month, 2) + "-" + RFC3339.padded(day, 2)
        }

        /// Whether one day comes before another.
        public static func < (one: Self, other: Self) -> Bool {
            (one.year, one.month, one.day) < (other.year, other.month, other.day)
        }
    }

    /// Times of RFC 3339, with the arithmetic of the Gregorian calendar.
    enum RFC3339 {
        private static let secondsOfDay: Int64 = 86400
        /// From 1970 to the reference date of `Date`, 2001.
        private static let referenceSeconds = Int64(Date.timeIntervalBetween1970AndReferenceDate)

        static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

        static func days(in month: Int, of year: Int) -> Int {
            switch month {
            case 2: isLeap(year) ? 29 : 28
            case 4, 6, 9, 11: 30
            default: 31
            }
        }

        static func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }

        /// Days from 1970-01-01. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        static func days(of date: CalendarDate) -> Int64 {
            let year = Int64(date.month > 2 ? date.year : date.year - 1)
            let era = (year >= 0 ? year : year - 399) / 400
            let yearOfEra = year - era * 400
            let month = Int64((date.month + 9) % 12)
            let dayOfYear = (153 * month + 2) / 5 + Int64(date.day) - 1
            let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            return era * 146_097 + dayOfEra - 719_468
        }

        /// The day of a second since 1970; `nil` outside of the years 0 to 9999.
        static func day(ofSeconds seconds: Int64) -> CalendarDate? {
            guard seconds > -62_200_000_000, seconds < 253_500_000_000 else { return nil }
            let days = (seconds >= 0 ? seconds : seconds - secondsOfDay + 1) / secondsOfDay + 719_468
            let era = (days >= 0 ? days : days - 146_096) / 146_097
            let dayOfEra = days - era * 146_097
            let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
            let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let month = (5 * dayOfYear + 2) / 153
            let day = Int(dayOfYear - (153 * month + 2) / 5 + 1)
            let calendarMonth = Int(month < 10 ? month + 3 : month - 9)
            return CalendarDate(
                year: Int(yearOfEra + era * 400) + (calendarMonth <= 2 ? 1 : 0), month: calendarMonth, day: day)
        }

        /// `2024-02-29T12:30:00.25Z`; `nil` outside of the years 0 to 9999.
        static func text(of date: Date) -> String? {
            // Microseconds are what a `Date` holds exactly enough.
            let rounded = (date.timeIntervalSinceReferenceDate * 1_000_000).rounded()
            guard let sinceReference = Int64(exactly: rounded) else { return nil }
            let (micros, overflow) = sinceReference.addingReportingOverflow(referenceSeconds * 1_000_000)
            guard !overflow else { return nil }
            let fraction = ((micros % 1_000_000) + 1_000_000) % 1_000_000
            let seconds = (micros - fraction) / 1_000_000
            guard let day = day(ofSeconds: seconds) else { return nil }
            var text = "\(day)T" + clock(ofSeconds: seconds)
            if fraction > 0 {
                var digits = padded(Int(fraction), 6)
                while digits.hasSuffix("0") { digits.removeLast() }
                text += "." + digits
            }
            return text + "Z"
        }

        /// `12:30:00`
        private static func clock(ofSeconds seconds: Int64) -> String {
            let second = Int(((seconds % secondsOfDay) + secondsOfDay) % secondsOfDay)
            return padded(second / 3600, 2) + ":" + padded(second / 60 % 60, 2) + ":" + padded(second % 60, 2)
        }

        /// `20240229T123000Z`, the form of signatures; empty outside of the years 0 to 9999.
        static func compact(_ date: Date) -> String {
            guard let seconds = Int64(exactly: date.timeIntervalSince1970.rounded(.down)),
                let day = day(ofSeconds: seconds)
            else { return "" }
            return String("\(day)T\(clock(ofSeconds: seconds))Z".filter { $0 != "-" && $0 != ":" })
        }

        /// A time of RFC 3339 with any offset and any number of digits behind the second.
        static func parse(_ text: String) -> Date? {
            var reader = Reader(text)
            guard let day = reader.date(), reader.take("T") || reader.take("t") || reader.take(" "),
                let time = reader.clock()
            else { return nil }
            var fraction = 0.0
            if reader.take(".") {
                guard let value = reader.fraction() else { return nil }
                fraction = value
            }
            guard let offset = reader.offset(), reader.isAtEnd else { return nil }
            let seconds = days(of: day) * secondsOfDay + Int64(time - offset)
            return Date(timeIntervalSinceReferenceDate: Double(seconds - referenceSeconds) + fraction)
        }

        /// A date of HTTP: `Sun, 06 Nov 1994 08:49:37 GMT`. Source: RFC 9110, section 5.6.7.
        static func parseHTTP(_ text: String) -> Date? {
            let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            let words = text.split(separator: " ")
            guard words.count == 6, let month = months.firstIndex(of: String(words[2])), let day = Int(words[1]),
                let year = Int(words[3]), let date = CalendarDate(year: year, month: month + 1, day: day)
            else { return nil }
            return parse("\(date)T\(words[4])Z")
        }

        /// Digits and marks of a time, one after another.
        struct Reader {
            private var rest: Substring.UTF8View

            init(_ text: String) { rest = Substring(text).utf8 }

            var isAtEnd: Bool { rest.isEmpty }

            mutating func take(_ character: Unicode.Scalar) -> Bool {
                guard rest.first == UInt8(ascii: character) else { return false }
                rest.removeFirst()
                return true
            }

            private mutating func number(_ width: Int) -> Int? {
                let digits = rest.prefix(width)
                guard digits.count == width, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
                rest.removeFirst(width)
                return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            }

            mutating func date() -> CalendarDate? {
                guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2) else {
                    return nil
                }
                return CalendarDate(year: year, month: month, day: day)
            }

            /// Seconds of the day. A leap second is the one after.
            mutating func clock() -> Int? {
                guard let hour = number(2), take(":"), let minute = number(2), take(":"), let second = number(2),
                    hour < 24, minute < 60, second <= 60
                else { return nil }
                return hour * 3600 + minute * 60 + second
            }

            mutating func fraction() -> Double? {
                let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
                guard !digits.isEmpty else { return nil }
                rest.removeFirst(digits.count)
                return Double("0." + String(decoding: digits, as: UTF8.self))
            }

            /// Seconds east of Greenwich.
            mutating func offset() -> Int? {
                if take("Z") || take("z") { return 0 }
                let isWest = rest.first == UInt8(ascii: "-")
                guard take("+") || take("-"), let hour = number(2), take(":"), let minute = number(2), hour < 24,
                    minute < 60
                else { return nil }
                let seconds = hour * 3600 + minute * 60
                return isWest ? -seconds : seconds
            }
        }
    }
}

extension PorticoSDK.Codec where Value == Data {
    static var bytes: Self {
        Self(
            decode: { json throws(PorticoSDK.JSONMismatch) in
                guard let value = json.text.flatMap({ Data(base64Encoded: $0) }) else { throw json.mismatch("Base64") }
                return value
            }, encode: { .string($0.base64EncodedString()) })
    }
}

extension PorticoSDK.Codec where Value == Date {
    static var timestamp: Self {
        Self(
            decode: { json throws(PorticoSDK.JSONMismatch) in
                guard let value = json.text.flatMap(PorticoSDK.RFC3339.parse) else {
                    throw json.mismatch("a time of RFC 3339")
                }
                return value
            }, encode: { PorticoSDK.RFC3339.text(of: $0).map { .string($0) } ?? .number(.nan) })
    }
}

extension PorticoSDK.Codec where Value == PorticoSDK.CalendarDate {
    static var date: Self {
        Self(
            decode: { json throws(PorticoSDK.JSONMismatch) in
                guard let value = json.text.flatMap({ PorticoSDK.CalendarDate($0) }) else {
                    throw json.mismatch("a date")
                }
                return value
            }, encode: { .string($0.description) })
    }
}
