import Codecs
import Testing

@Suite struct RetryAfterTests {
    @Test(arguments: [
        ("3", 3), ("0", 0), ("99999999999999999999", 31_536_000), ("Sun, 06 Nov 1994 08:49:47 GMT", 10), ("Sunday, 06-Nov-94 08:49:47 GMT", 10),
        ("Sun Nov  6 08:49:47 1994", 10), ("Sun, 06 Nov 1994 08:00:00 GMT", 0), ("Fri, 31 Dec 9999 23:59:59 GMT", 31_536_000),
    ])
    func `waits until a date as long as it waits for seconds`(text: String, seconds: Int64) {
        #expect(RetryAfter.seconds(text, date: "Sun, 06 Nov 1994 08:49:37 GMT", now: 0) == seconds)
        #expect(RetryAfter.seconds(text, date: nil, now: 784_111_777) == seconds)
        #expect(RetryAfter.seconds(text, date: "soon", now: 784_111_777) == seconds)
    }

    @Test(arguments: ["", "-1", "soon", "1.5", "Sun, 31 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "9223372036854775808x"])
    func `waits for nothing else`(text: String) {
        #expect(RetryAfter.seconds(text, date: nil, now: 0) == nil)
    }
}
