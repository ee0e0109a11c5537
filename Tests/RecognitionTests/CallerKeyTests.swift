import Credentials
import Policy
import Testing

@testable import Recognition

@Suite struct CallerKeyTests {
    private static let good = "hssgw_abcdefghij234567_" + String(repeating: "a", count: 52)

    @Test func `makes API keys that it reads again, no two alike`() throws {
        var generator = SystemRandomNumberGenerator()
        let texts = (0..<100).map { _ in APIKey.generate(using: &generator) }
        #expect(Set(texts).count == 100)
        for text in texts {
            let key = try #require(APIKey(text))
            #expect(text.hasPrefix("hssgw_\(key.id)_"))
        }
    }

    @Test(arguments: [
        "", "hssgw_", String(good.dropLast()), good + "a", good.uppercased(), good.replacing("_aaaa", with: "-aaaa"),
        good.replacing("234567", with: "018901"), "Xssgw_" + good.dropFirst(6),
    ])
    func `takes nothing else for one`(text: String) {
        #expect(APIKey(text) == nil)
    }

    @Test func `makes access key ids as long as the cloud's own, told apart by their beginning`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            let id = CallerKey.VirtualID.generate(using: &generator)
            #expect(id.utf8.count == 20 && CallerKey.VirtualID.isMeant(by: id))
        }
        #expect(!CallerKey.VirtualID.isMeant(by: "QTWAOYTTINDUT2QVKYUC"))
    }

    @Test func `derives a secret key from the master key and the id alone`() throws {
        let master = String(repeating: "m", count: 32)
        let one = try #require(VirtualSecretKey(master: Secret(master)))
        let same = try #require(VirtualSecretKey(master: Secret(master)))
        let other = try #require(VirtualSecretKey(master: Secret(master + "x")))
        #expect(one.text(for: "HGVAAAAAAAAAAAAAAAAA") == same.text(for: "HGVAAAAAAAAAAAAAAAAA"))
        #expect(one.text(for: "HGVAAAAAAAAAAAAAAAAA").utf8.count == 40)
        #expect(one.text(for: "HGVAAAAAAAAAAAAAAAAA") != one.text(for: "HGVAAAAAAAAAAAAAAAAB"))
        #expect(one.text(for: "HGVAAAAAAAAAAAAAAAAA") != other.text(for: "HGVAAAAAAAAAAAAAAAAA"))
        #expect(VirtualSecretKey(master: Secret("short")) == nil)
    }

    @Test func `writes a list that it reads again`() throws {
        var list = CallerKeyList()
        list.keys = [
            CallerKey(kind: .api, id: "abcdefghij234567", caller: "team", created: "t", digest: String(repeating: "0f", count: 32)),
            CallerKey(kind: .virtual, id: "HGVAAAAAAAAAAAAAAAAA", caller: "other", created: "t", revoked: "u"),
        ]
        #expect(try CallerKeyList(list.text) == list)
    }

    @Test(arguments: [
        ("something else\n", 1), ("hss-gateway caller keys 1\napi a b\n", 2),
        ("hss-gateway caller keys 1\n# a comment\nother abcdefghij234567 team t - -\n", 3),
        ("hss-gateway caller keys 1\nvirtual HGV1 team t - -\n", 2),
        ("hss-gateway caller keys 1\napi abcdefghij234567 team t - -\n", 2),
        ("hss-gateway caller keys 1\nvirtual HGVAAAAAAAAAAAAAAAAA team t - -\nvirtual HGVAAAAAAAAAAAAAAAAA team t - -\n", 3),
    ])
    func `says in which line a list is broken`(text: String, line: Int) {
        let fault = #expect(throws: CallerKeyList.Fault.self) { try CallerKeyList(text) }
        #expect(fault?.line == line)
    }

    @Test func `finds what was made, revoked and taken out since it looked before`() {
        func key(_ id: String, revoked: String? = nil) -> CallerKey {
            CallerKey(kind: .virtual, id: id, caller: "team", created: "t", revoked: revoked)
        }
        var old = CallerKeyList()
        var new = CallerKeyList()
        old.keys = [key("a"), key("b"), key("c"), key("d", revoked: "then")]
        new.keys = [key("a"), key("b", revoked: "now"), key("e"), key("f", revoked: "now")]
        #expect(
            CallerKeyList.Change.changes(from: old, to: new) == [
                .revoked(key("b", revoked: "now")), .created(key("e")), .created(key("f", revoked: "now")), .revoked(key("f", revoked: "now")),
                .removed(key("c")),
            ])
    }

    @Test func `knows a key by its digest and a revoked one no more`() throws {
        var generator = SystemRandomNumberGenerator()
        let text = APIKey.generate(using: &generator)
        let key = try #require(APIKey(text))
        let digest = key.digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        var list = CallerKeyList()
        list.keys = [CallerKey(kind: .api, id: key.id, caller: "team", created: "t", digest: digest)]
        #expect(try CallerKeyTable(list, secrets: nil).prove(key, now: 0) == CallerFacts.ProvenKey(kind: .api, id: key.id, caller: "team"))
        let forged = try #require(APIKey(text.dropLast() + (text.last == "a" ? "b" : "a")))
        #expect(throws: RecognitionFault.unknownKey) { try CallerKeyTable(list, secrets: nil).prove(forged, now: 0) }
        list.keys[0].revoked = "now"
        #expect(throws: RecognitionFault.unknownKey) { try CallerKeyTable(list, secrets: nil).prove(key, now: 0) }
    }
}
