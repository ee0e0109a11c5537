import Testing

@testable import Assembly

@Suite struct ConsoleMessageTests {
    @Test(
        arguments: [
            ("plain: no such file", ["plain"], "plain: no such file"), ("one\n\ttwo", [], "one\n\ttwo"), ("审计 é", ["审计"], "审计 é"),
            // A name's line break is not the message's.
            ("a\nb can't be read\nTry another.", ["a\nb"], "a\u{FFFD}b can't be read\nTry another."),
            // The longest first, since one is part of another.
            ("x\ny\nz", ["x\ny", "x\ny\nz"], "x\u{FFFD}y\u{FFFD}z"), ("a\r\nb", ["a\r\nb"], "a\u{FFFD}\u{FFFD}b"),
            ("\u{1B}[31m\u{7}\u{9B}\u{202E}\u{200B}\r", [], "\u{FFFD}[31m\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"), ("", [""], ""),
            ("'\u{301}a\nb\r\n", ["\u{301}a\nb\r"], "'\u{301}a\u{FFFD}b\u{FFFD}\n"),
        ] as [(String, [String], String)])
    func `shows what it repeats without letting it act`(text: String, foreign: [String], shown: String) {
        #expect(Console.message(text, containing: foreign) == shown)
    }
}
