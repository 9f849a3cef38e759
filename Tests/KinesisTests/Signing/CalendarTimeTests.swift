import Foundation
import Testing

@testable import Kinesis

@Suite("Calendar times")
struct CalendarTimeTests {
    @Test(
        "seconds become dates at leap days and year ends",
        arguments: [
            (Int64(0), "19700101T000000Z"), (951_782_399, "20000228T235959Z"), (951_782_400, "20000229T000000Z"),
            (1_709_251_199, "20240229T235959Z"),
            (1_709_251_200, "20240301T000000Z"), (1_735_689_599, "20241231T235959Z"), (1_767_323_045, "20260102T030405Z"),
            (4_107_542_400, "21000301T000000Z"), (-1, "19691231T235959Z"),
        ])
    func basic(seconds: Int64, text: String) {
        #expect(CalendarTime(secondsSince1970: seconds).basicTime == text)
        #expect(CalendarTime(secondsSince1970: seconds).secondsSince1970 == seconds)
    }

    @Test("every day of four hundred years comes back from its seconds")
    func roundTrip() {
        let days = (-60_000...90_000).filter { day in
            let time = CalendarTime(secondsSince1970: Int64(day) * 86_400 + 1)
            return time.secondsSince1970 != Int64(day) * 86_400 + 1 || !(1...31).contains(time.day) || !(1...12).contains(time.month)
        }
        #expect(days.isEmpty)
    }

    @Test(
        "dates of HTTP replies are read strictly",
        arguments: [
            ("Fri, 02 Jan 2026 03:04:05 GMT", Int64(1_767_323_045)), ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
            ("Fri, 02 Jan 2026 03:04:05 +0000", nil), ("02 Jan 2026 03:04:05 GMT", nil), ("Fri, 2 Jan 2026 03:04:05 GMT", nil),
            ("Fri, 02 Foo 2026 03:04:05 GMT", nil), ("Fri, 02 Jan 2026 24:04:05 GMT", nil), ("", nil),
        ])
    func httpDates(text: String, seconds: Int64?) {
        #expect(CalendarTime(httpDate: text)?.secondsSince1970 == seconds)
    }

    @Test(
        "expirations are read with fractions and offsets",
        arguments: [
            ("2026-01-02T03:04:05Z", Int64(1_767_323_045)), ("2026-01-02T03:04:05.123456Z", 1_767_323_045),
            ("2026-01-02T04:04:05+01:00", 1_767_323_045), ("2026-01-01T22:04:05-05:00", 1_767_323_045), ("2026-01-02T03:04:05", nil),
            ("2026-01-02 03:04:05Z", nil), ("2026-13-02T03:04:05Z", nil), ("tomorrow", nil), ("2026-01-02T03:04:05+0100", nil),
        ])
    func expirations(text: String, seconds: Int64?) {
        #expect(CalendarTime(rfc3339: text)?.secondsSince1970 == seconds)
    }
}
