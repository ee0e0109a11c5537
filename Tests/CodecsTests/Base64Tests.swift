import Testing

@testable import Codecs

@Suite struct Base64Tests {
    // RFC 4648 section 10, and bytes whose digits differ between the two alphabets.
    @Test(arguments: [
        ("", "", ""), ("f", "Zg==", "Zg"), ("fo", "Zm8=", "Zm8"), ("foo", "Zm9v", "Zm9v"), ("foob", "Zm9vYg==", "Zm9vYg"),
        ("fooba", "Zm9vYmE=", "Zm9vYmE"), ("foobar", "Zm9vYmFy", "Zm9vYmFy"), ("~~?>", "fn4/Pg==", "fn4_Pg"),
    ])
    func `writes and reads both forms`(text: String, standard: String, url: String) {
        #expect(Base64.encode(text.utf8) == standard && Base64.decode(standard) == Array(text.utf8))
        #expect(Base64.encode(text.utf8, .url) == url && Base64.decode(url, .url) == Array(text.utf8))
    }

    @Test(arguments: ["Zg", "Zg=", "Zg===", "Zh==", "Z", "Zm9v\n", "Zm 9v", "fn4_Pg==", "=Zg="])
    func `reads nothing that it would have written otherwise`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: ["Zg==", "Zh", "fn4/Pg", "Z"])
    func `reads no padding, no other alphabet and no spare bits in the form for URLs`(text: String) {
        #expect(Base64.decode(text, .url) == nil)
    }
}
