import Testing

@testable import Settings

@Suite struct StoreReferenceTests {
    @Test(arguments: [
        ("vault:secret/hss/prod#sk", "secret", "hss/prod", "sk"), ("vault:secret/data/hss/prod#sk", "secret", "hss/prod", "sk"),
        ("vault:kv/a#b.c-d_e", "kv", "a", "b.c-d_e"), ("vault:kv/data#x", "kv", "data", "x"),
    ])
    func `reads a secret of Vault in both of its forms`(text: String, mount: String, path: String, field: String) throws {
        let reference = try #require(StoreReference(text: text))
        #expect((reference.mount, reference.path, reference.field) == (mount, path, field) && reference.store == .vault)
        #expect(StoreReference(text: reference.description) == reference)
    }

    @Test func `reads a secret of CSMS, whole or a member of it`() {
        #expect(StoreReference(text: "csms:hss-key")?.path == "hss-key")
        #expect(StoreReference(text: "csms:hss-key#sk")?.description == "csms:hss-key#sk")
    }

    @Test(arguments: [
        "vault:", "vault:secret", "vault:secret#x", "vault:secret/x", "vault:secret/x#", "vault:secret/x#y#z", "vault:/x#y", "vault:secret//x#y",
        "vault:secret/../x#y", "vault:secret/./x#y", "vault:secret/x y#z", "vault:secret/x%2f#z", "vault:secret/x?version=1#y", "csms:", "csms:#x",
        "csms:a/b", "csms:a#b/c", "csms:é", "file:/x", "/etc/key", "vault:secret/" + String(repeating: "x", count: 512) + "#y",
    ])
    func `takes nothing else for a reference`(text: String) { #expect(StoreReference(text: text) == nil) }
}

@Suite struct SampleShareTests {
    @Test(arguments: [("0", 0), ("1", 1_000_000), ("0.01", 10_000), ("0.000001", 1), ("1.0", 1_000_000), ("0.5", 500_000)])
    func `reads a share to the millionth and writes it back`(text: String, perMillion: Int) throws {
        let share = try #require(TracingSettings.SampleShare(text: text))
        #expect(share.perMillion == perMillion && TracingSettings.SampleShare(text: share.description) == share)
    }

    @Test(arguments: ["", ".5", "1.1", "2", "-0.1", "0.0000001", "1e-3", "0,5", "50%", "0.", "00.1", "one"])
    func `takes nothing else for a share`(text: String) { #expect(TracingSettings.SampleShare(text: text) == nil) }
}
