import Testing

@testable import Inquiry

@Suite struct TextTableTests {
    private static let rows = [
        ["ok", "dns", "hss: It is an address."], ["WARN", "journal", "Its mode is 755."], ["", "", "→ chmod 0700 /var/lib/hss-gateway/audit"],
    ]

    private static func lines(_ layout: TableLayout) -> [String] {
        TextTable(["VERDICT", "CHECK", "FINDING"], rows, lastWraps: true, isMarked: true).lines(layout)
    }

    @Test func `sentences go on below themselves where the terminal ends`() {
        #expect(
            Self.lines(TableLayout(width: 44)) == [
                "VERDICT  CHECK    FINDING",
                "ok       dns      hss: It is an address.",
                "WARN     journal  Its mode is 755.",
                "                  → chmod 0700",
                "                  /var/lib/hss-gateway/audit",
            ])
    }

    @Test(arguments: [40, 41, 60, 200])
    func `no line is longer than the terminal, and no word is lost`(width: Int) {
        let fitted = Self.lines(TableLayout(width: width))
        #expect(fitted.allSatisfy { $0.count <= width })
        func letters(_ lines: [String]) -> String { lines.joined().filter { $0 != " " } }
        #expect(letters(fitted) == letters(Self.lines(TableLayout())))
    }

    @Test func `verdicts have the colour of what they mean, and nothing else has`() {
        let lines = Self.lines(TableLayout(isColoured: true))
        #expect(lines[1].hasPrefix("\u{1B}[32mok\u{1B}[0m     ") && lines[2].hasPrefix("\u{1B}[33mWARN\u{1B}[0m"))
        #expect(!lines[3].contains("\u{1B}"))
    }

    @Test func `a column that would be of no use makes blocks instead`() {
        let table = TextTable(["STATE", "WHAT"], [["alive", String(repeating: "x", count: 60)]], isMarked: true)
        #expect(table.lines(TableLayout(width: 40))[0] == "STATE  alive")
    }
}
