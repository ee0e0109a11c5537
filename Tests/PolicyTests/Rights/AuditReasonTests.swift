import Testing

@testable import Policy

@Suite struct AuditReasonTests {
    @Test(arguments: [
        ("INC-7", "INC-7"), ("  INC 7 \t", "INC 7"), ("a\u{1b}[31mb", "a [31mb"), ("x\u{202e}y", "x y"), ("审计", "审计"),
        ("", nil), (" \t ", nil), ("---", nil), ("\u{0}", nil),
    ])
    func `keeps what says something`(text: String, kept: String?) {
        #expect(AuditReason.sane(text) == kept)
    }

    @Test func `cuts between characters`() {
        let kept = AuditReason.sane(String(repeating: "审", count: 1_000))
        #expect(kept?.utf8.count == 1_023)
    }
}
