import ArgumentParser
import Settings

/// Suggests a command for an unknown one.
enum CommandSuggestion {
    /// A question for stderr; nil if every command on the line exists, or if none is similar.
    static func question(for arguments: some Sequence<String>, of root: any ParsableCommand.Type) -> String? {
        var command = root
        for argument in arguments {
            let subcommands = command.configuration.subcommands
            guard !argument.hasPrefix("-"), !subcommands.isEmpty else { return nil }
            let named = Dictionary(subcommands.map { (name(of: $0), $0) }, uniquingKeysWith: { first, _ in first })
            guard let next = named[argument] else { return DidYouMean(named.keys.sorted() + ["help", "--version"]).hint(for: argument) }
            command = next
        }
        return nil
    }

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? command._commandName
    }
}
