import Audit
import Catalogue
import Testing

@testable import Gateway

@Suite struct KeptBodyTests {
    private static func kept(_ json: String) -> KeptBody { KeptBody(json: json.utf8) }

    @Test func `keeps members as they are, and numbers that are no integers as text`() {
        let body = Self.kept(#" {"a": [1, -2, true, null, "x\ny", 1.50], "b" : {"c":{}}, "d":12345678901234567890} "#)
        #expect(
            body.fields
                == .object([
                    "a": .list([1, -2, true, .null, "x\ny", "1.50"]), "b": .object(["c": .object([:])]), "d": "12345678901234567890",
                ]))
        #expect(!body.isCut)
    }

    @Test(arguments: [
        (#"{"login_password":"S3CRET"}"#, #"{"login_password":"***"}"#),
        (#"{"login\u005fpass\u0077ord" : "S3CRET" , "b":1}"#, #"{"login\u005fpass\u0077ord" : "***" , "b":1}"#),
        (#"[{"x":[{"KubeConfig":{"a":["S3CRET"]}}]}]"#, #"[{"x":[{"KubeConfig":"***"}]}]"#),
        (#"{"x":{"registry-password":[1,"S3CRET"]},"y":2}"#, #"{"x":{"registry-password":"***"},"y":2}"#),
        (#"{"password":4711}"#, #"{"password":"***"}"#),
        (#"{"ｐassword":"S3CRET"}"#, #"{"ｐassword":"***"}"#),
    ])
    func `masks secrets under every spelling of their names`(json: String, expected: String) {
        let body = Self.kept(json)
        #expect(body.text == expected)
        #expect(!"\(String(describing: body.fields))".contains("S3CRET"))
        #expect(!"\(String(describing: body.fields))".contains("4711"))
        #expect("\(String(describing: body.fields))".contains("***"))
        #expect(!body.isCut)
    }

    @Test func `never shows part of a secret wherever the text is cut`() {
        // The end of the processed part moves over the whole member.
        let member = #""pass\u0077ord":"S3CRET\"S3CRET""#
        for shift in 0...(member.utf8.count + 4) {
            let filling = String(repeating: "a", count: KeptBody.maximumBytes - 10 - shift)
            let body = Self.kept(#"{"f":"\#(filling)",\#(member),"z":1}"#)
            #expect(!body.text.contains("S3C"), "\(shift)")
            #expect(!"\(String(describing: body.fields))".contains("S3C"), "\(shift)")
        }
    }

    @Test func `marks what it left out for its size`() {
        let long = Self.kept(#"{"a":"\#(String(repeating: "é", count: KeptBody.maximumText))"}"#)
        #expect(long.isCut)
        #expect(long.fields == .object(["a": .string(String(repeating: "é", count: KeptBody.maximumText / 2))]))
        let many = Self.kept("[" + String(repeating: "1,", count: KeptBody.maximumValues) + "1]")
        #expect(many.isCut)
        #expect(many.fields == .list(Array(repeating: 1, count: KeptBody.maximumValues - 1)))
        let deep = Self.kept(String(repeating: "[", count: 20) + String(repeating: "]", count: 20))
        #expect(deep.isCut)
        let bulk = Self.kept("[\"" + String(repeating: "€", count: KeptBody.maximumBytes) + "\"]")
        #expect(bulk.isCut)
        #expect(bulk.text.utf8.count <= KeptBody.maximumBytes)
        #expect(!bulk.text.contains("\u{FFFD}"))
        #expect(!Self.kept(#"{"a":"\#(String(repeating: "a", count: KeptBody.maximumText))"}"#).isCut)
    }

    @Test func `shows that a name stood twice`() {
        let body = Self.kept(#"{"a":1,"a":2}"#)
        #expect(body.fields == .object(["a": 1, "a (repeated)": 2]))
        #expect(Self.kept(#"{"a":1,"a":2,"a":3}"#).isCut)
    }

    @Test func `knows every secret of the catalogue, and no ordinary name`() {
        for operation in Operation.allCases {
            for path in operation.secretRequestFields.map(\.name) + operation.secretResponseFields {
                #expect(SecretNames.contains((path.split(separator: ".").last ?? "").utf8), "\(path)")
            }
        }
        for name in ["enterprise_project_id", "host_id", "passwords", "command_line", ""] {
            #expect(!SecretNames.contains(name.utf8), "\(name)")
        }
    }
}
