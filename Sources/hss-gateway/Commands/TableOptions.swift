import ArgumentParser
import Assembly
import Inquiry

/// How a table is printed.
struct TableOptions: ParsableArguments {
    @Flag(help: "Don't fit the table to the width of the terminal.") var wide = false

    /// Fitted and coloured on a terminal only; `NO_COLOR` (https://no-color.org) turns colours off.
    var layout: TableLayout {
        guard let columns = Console.outputColumns else { return TableLayout() }
        let variables = ProcessEnvironment.variables
        let isColoured = variables["NO_COLOR", default: ""].isEmpty && variables["TERM"] != "dumb"
        return TableLayout(width: wide ? nil : columns, isColoured: isColoured)
    }
}

/// Whether a long listing goes through a pager on a terminal.
struct PagerOptions: ParsableArguments {
    @Flag(help: "Write to the terminal directly, not through PAGER.") var noPager = false

    /// Shows what `body` writes to stdout. Properties of the terminal have to be read before.
    func show<Fault: Error>(_ body: () throws(Fault) -> Void) throws(Fault) { try Pager.show(!noPager, body) }
}
