/// Makes settings from a file, the environment and flags, or throws all of their faults.
package struct SettingsLoader: Sendable {
    package let vocabulary: Vocabulary

    package init(vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
    }

    /// The settings, or all faults that can be found without accessing the file system.
    package func load(_ sources: SettingsSources) throws(SettingsProblems) -> GatewaySettings {
        let reading = read(sources)
        guard let settings = reading.settings, reading.problems.isEmpty else { throw SettingsProblems(reading.problems) }
        return settings
    }

    /// All faults, including those of the files that are named; empty if there are none. Checks files even if the rest is faulty.
    /// - Parameter looksAtFiles: false if the files are not on this machine, as in a pipeline.
    package func problems(_ sources: SettingsSources, looksAtFiles: Bool = true) -> [SettingsProblem] {
        let reading = read(sources)
        guard looksAtFiles else { return SettingsProblems(reading.problems).problems }
        let files = reading.settings.map { FileCheck.problems($0.files) } ?? []
        return SettingsProblems(reading.problems + files + [sources.file?.permissionFault].compactMap(\.self)).problems
    }

    /// Warnings about settings that are valid but probably not intended.
    package func warnings(_ settings: GatewaySettings) -> [SettingsProblem] {
        SettingsProblems(PolicyWarnings.warnings(settings, vocabulary) + DurationWarnings.warnings(settings)).problems
    }

    /// The result of one load: the settings as far as they could be decoded, usable only without problems.
    private struct Reading {
        var settings: GatewaySettings?
        var problems: [SettingsProblem] = []
    }

    private func read(_ sources: SettingsSources) -> Reading {
        var reading = Reading()
        guard var tree = parse(sources.file, &reading.problems) else { return reading }
        let startsFromEnvironment = completeFromEnvironment(&tree, sources, &reading.problems)
        // If variables for a start from the environment are missing, only these are reported and not their consequences.
        guard !startsFromEnvironment || reading.problems.isEmpty else { return reading }
        tree = lay(sources, over: tree, startsFromEnvironment, &reading.problems)
        let pass = DecodingPass(
            .init(
                environment: sources.environment, documentDirectory: sources.documentDirectory, workingDirectory: sources.workingDirectory,
                hasSecrets: sources.hasSecrets, storePath: sources.storePath))
        var settings = GatewaySettings(decoding: tree, pass)
        settings.showEndpoints(vocabulary)
        let found = pass.problems + Validation.problems(settings, pass, vocabulary)
        // A malformed value was read as absent; consequences of that at the same position are not reported.
        let broken = Set(reading.problems.map(\.origin))
        reading.problems += found.filter { !broken.contains($0.origin) }
        reading.settings = settings
        return reading
    }

    private func parse(_ file: SettingsFile?, _ problems: inout [SettingsProblem]) -> LocatedNode? {
        guard let file else { return LocatedNode(content: .mapping([]), origin: .documentedDefault) }
        var parser = DocumentParser(file: file.path)
        let tree = parser.parse(file.text)
        problems += parser.problems
        return tree
    }

    private func completeFromEnvironment(_ tree: inout LocatedNode, _ sources: SettingsSources, _ problems: inout [SettingsProblem]) -> Bool {
        let namesNoProject = tree["credentials"]?.hasContent != true && tree["projects"]?.hasContent != true
        guard sources.file == nil || sources.completesFromEnvironment && namesNoProject else { return false }
        var start = EnvironmentStart(sources.environment)
        start.complete(&tree)
        problems += start.problems
        return true
    }

    private func lay(
        _ sources: SettingsSources, over tree: LocatedNode, _ startsFromEnvironment: Bool, _ problems: inout [SettingsProblem]
    ) -> LocatedNode {
        var overlay = Overlay(tree)
        var regions = vocabulary.regions
        var others = sources.otherVariables
        if startsFromEnvironment {
            others.insert(EnvironmentStart.region)
            if let region = sources.environment[EnvironmentStart.region] { regions.insert(region) }
        }
        overlay.lay(sources.environment, regions: regions, otherVariables: others, flags: sources.flagsByVariable)
        overlay.lay(sources.flags)
        problems += overlay.problems
        return overlay.tree
    }
}
