import Foundation
import Testing

@testable import Credentials

/// Compares the profile file with the official Python SDK's own interpretation of it.
@Suite struct ProfileTests {
    private struct Question: Encodable {
        let text: Data
    }

    private struct Answer: Decodable, Equatable {
        var error: String?
        var ak: String?
        var sk: String?
        var securityToken: String?
        var iamEndpoint: String?
        var idpId: String?
        var idTokenFile: String?
    }

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// The result for a profile here, in the oracle's format.
    private func reading(_ content: Data) throws -> Answer {
        try content.write(to: URL(fileURLWithPath: folder.path("profile")))
        do throws(IAMFault) {
            let profile = try Profile(path: folder.path("profile"))
            var answer = Answer(iamEndpoint: try profile.text("iam_endpoint"))
            switch try profile.way(in: folder.path("profile")) {
            case .keys(let pair):
                answer.ak = pair.accessKeyID
                answer.sk = pair.secretKey.withBytes { String(decoding: $0, as: UTF8.self) }
                answer.securityToken = pair.securityToken?.withBytes { String(decoding: $0, as: UTF8.self) }
            case .federation(let provider, let file): (answer.idpId, answer.idTokenFile) = (provider, file)
            }
            return answer
        } catch {
            return Answer(error: "refused")
        }
    }

    /// The SDK accepts values that can't be sent to any service: those are refused here.
    private func isSendable(_ answer: Answer) -> Bool {
        let headers = [answer.ak, answer.securityToken].compactMap(\.self)
        let texts = [answer.sk, answer.iamEndpoint, answer.idpId, answer.idTokenFile].compactMap(\.self)
        return headers.allSatisfy { $0.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ",") } }
            && texts.allSatisfy { text in !text.unicodeScalars.contains { $0.properties.isWhitespace && $0 != " " || $0 == "\u{200B}" } }
    }

    private func compare(_ contents: [Data]) throws {
        let answers: [Answer] = try Oracle.ask("profile_oracle.py", contents.map { Question(text: $0) })
        #expect(answers.count == contents.count)
        for (content, answer) in zip(contents, answers) {
            let own = try reading(content)
            let text = String(decoding: content, as: UTF8.self)
            if answer.error != nil || !isSendable(answer) {
                #expect(own.error != nil, "\(text.debugDescription): the SDK reads \(answer)")
            } else {
                #expect(own == answer, "\(text.debugDescription)")
            }
        }
    }

    @Test func `what the SDK reads is read alike, and what it can't read is a fault`() throws {
        let written = [
            "[basic]\nak = AK1\nsk = SK1\n", "[basic] # a comment [here]\nak=AK1\nsk=SK1\n", "[basic] ; mine\nak=AK1\nsk=SK1\n",
            "[basic]\nak = AK1\n", "ak = AK1\nsk = SK1\n", "[global]\nak = AK1\nsk = SK1\n", "", "[basic]\n", "[basic]\nak =\nsk = SK1\n",
            "\u{FEFF}[basic]\nak = AK1\nsk = SK1\n", "[DEFAULT]\nak = AK0\n[basic]\nsk = SK1\n", "[basic]\nak = AK1 # no comment\nsk = SK1\n",
            "[basic]\nAK : AK1\r\nSk=a=b:c\r\n", "[basic]\n  ak = AK1\n  sk = SK1\n", "[basic]\nak = AK1\n  sk = SK1\n",
            "[basic]\nak = AK1\nsk = SK%%1\n", "[basic]\nak = AK1\nsk = SK%1\n", "[basic]\nname = AK1\nak = %(NAME)s\nsk = SK1\n",
            "[basic]\nak = %(ak)s\nsk = SK1\n", "[basic]\nak = AK1\nak = AK2\nsk = SK1\n", "[basic]\nak = AK1\nsk = SK1\n[basic]\n",
            "[basic]\nak = AK1\nsk = SK1\nnonsense\n", "[x]\nnonsense\n[basic]\nak = AK1\nsk = SK1\n", "[basic]\nak = AK1\nsk = SK1\nnote = 50%\n",
            "[basic]\nak = AK1\u{A0}\nsk = \u{3000}SK1\n", "[basic]\nak = AK1\nsk = SK1\u{200B}\n", "[basic]\nak = AK1\nsk =\n  SK1\n",
            "[basic]\nidp_id = cce\nid_token_file = /t\nak = AK1\nsk = SK1\niam_endpoint = https://iam.example\n",
            "[basic]\nak = AK1\nsk = SK1\nsecurity_token = TOK\niam_endpoint = https://iam.example\n", "[basic]\rak = AK1\rsk = SK1\r",
            "[basic]\n = x\nak = AK1\nsk = SK1\n", "[basic]x = y\nak = AK1\nsk = SK1\n", "[]\n[basic]\nak = AK1\nsk = SK1\n",
        ]
        let utf16 = try #require("[basic]\nak = AK1\nsk = SK1\n".data(using: .utf16))
        try compare(written.map { Data($0.utf8) } + [utf16, Data("[basic]\nak = AK1\nsk = SK".utf8) + Data([0xE9, 0x0A])])
    }

    @Test func `hundreds of files of mixed lines are read alike`() throws {
        let lines = [
            "[basic]", "[basic]", "[DEFAULT]", "[other]", "ak = AK1", "ak: AK2", "sk = SK1", "sk=%(ak)s/%%", "security_token = T", "# comment",
            "  ; comment", "", "   ", "  deeper", "\tak = AK3", "iam_endpoint = https://iam.example", "[basic] x", "sk", "note = %(sk)s",
            "%(ak)s = 1",
        ]
        var generator = SplitMix64(seed: 22)
        let contents = (0..<600).map { _ in
            let start = ["[basic]", "ak = AK1", "sk = SK1"].filter { _ in Int.random(in: 0..<4, using: &generator) > 0 }
            let more = (0..<Int.random(in: 0..<5, using: &generator)).map { _ in lines[Int.random(in: 0..<lines.count, using: &generator)] }
            return Data((start + more).joined(separator: Bool.random(using: &generator) ? "\n" : "\r\n").utf8)
        }
        try compare(contents)
    }

    @Test func `a provider without its token, or the reverse, does not let the keys beside it sign`() throws {
        for name in ["idp_id", "id_token_file"] {
            let answer = try reading(Data("[basic]\nak = AK1\nsk = SK1\n\(name) = x\n".utf8))
            #expect(answer.error != nil)
        }
    }
}
