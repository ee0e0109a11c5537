import Testing

@testable import Recollection

@Suite struct SavedLineTests {
    @Test(arguments: [["a", "b"], [""], ["", ""], ["tab\there", "line\nend", "back\\slash", "\\t"], ["übergroß", "任务"]])
    func `gives back what it was given, on one line`(fields: [String]) {
        let text = SavedLine(fields).encoded
        #expect(!text.contains("\n"))
        #expect(SavedLine(decoding: text[...])?.fields == fields)
    }

    @Test(arguments: ["a\\", "\\x", "a\t\\"]) func `takes no escape that isn't its own`(text: String) {
        #expect(SavedLine(decoding: text[...]) == nil)
    }
}
