import Testing

@testable import Policy

@Suite struct AuditReasonTests {
    @Test(arguments: [
        ("INC-7", "INC-7"), ("  INC 7 \t", "INC 7"), ("a\u{1b}[31mb", "a [31mb"), ("x\u{202e}y", "x y"), ("审计", "审计"),
        ("", nil), (" \t ", nil), ("---", nil), ("\u{0}", nil), ("❤️ ok", "❤️ ok"),
        // Letters and marks without a visible shape.
        ("\u{3164}", nil), ("\u{115F}\u{1160}", nil), ("\u{FFA0}", nil), ("\u{2800}", nil), ("\u{E0041}", nil), ("\u{200B}\u{2060}\u{FEFF}", nil),
        ("\u{13441}\u{13442}", nil),
        // Combining marks without a letter, although Unicode calls some of them alphabetic.
        ("\u{345}", nil), ("\u{5B0}", nil), ("\u{93E}", nil), ("\u{E31}", nil), ("\u{301}", nil), ("-\u{345}", nil), ("e\u{301}", "e\u{301}"),
        ("กั", "กั"),
        ("\u{3164}a\u{3164}", "a"), ("\u{2028}a", "a"),
    ])
    func `keeps what says something`(text: String, kept: String?) {
        #expect(AuditReason.sane(text) == kept)
    }

    @Test(arguments: [
        ("INC-7", "INC-7"), ("%E5%AE%A1%E8%AE%A1", "审计"), ("%e5%ae%a1 INC-7", "审 INC-7"), ("100% sure", "100% sure"), ("50%25 + a%", "50% + a%"),
        ("a%0Ab", "a b"), ("%20", nil), ("%E3%85%A4", nil), ("审计", "审计"),
    ])
    func `reads UTF-8, also percent-encoded`(field: String, kept: String?) throws {
        #expect(try AuditReason.reading(field) == kept)
    }

    @Test(arguments: ["%FF", "a%E5%AEb", "%C0%AF", "%ED%A0%80", "a\u{FFFD}b", "%EF%BF%BD"])
    func `takes nothing for text that isn't`(field: String) {
        #expect(throws: AuditReason.Unreadable.self) { try AuditReason.reading(field) }
    }

    @Test func `cuts between characters`() {
        let kept = AuditReason.sane(String(repeating: "审", count: 1_000))
        #expect(kept?.utf8.count == 1_023)
    }
}
