import Testing

@testable import hss_gateway

@Suite struct CommandSuggestionTests {
    @Test(
        arguments: [
            (["confg", "check"], "did you mean `config`?"), (["config", "chekc"], "did you mean `check`?"),
            (["audit", "verfy"], "did you mean `verify`?"),
            (["sevre", "--config", "x"], "did you mean `serve`?"), (["config", "check", "--conect"], nil), (["--hlep"], nil), (["xyzzy"], nil),
            (["version"], "did you mean `--version`?"), (["caller", "vesion"], nil),
            ([], nil),
        ] as [([String], String?)])
    func `asks what was meant, at the level where it went wrong`(arguments: [String], question: String?) {
        #expect(CommandSuggestion.question(for: arguments, of: HSSGateway.self) == question)
    }
}
