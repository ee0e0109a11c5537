/// Makes settings of a file, the environment and flags, or says everything that is wrong with them.
package struct SettingsLoader: Sendable {
    package let vocabulary: Vocabulary

    package init(vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
    }

    /// The settings, or all faults that can be seen without touching the file system.
    package func load(_ sources: SettingsSources) throws(SettingsProblems) -> GatewaySettings {
        let reading = read(sources)
        guard let settings = reading.settings, reading.problems.isEmpty else { throw SettingsProblems(reading.problems) }
        return settings
    }

    /// All faults, those of the files that are named included; empty when there are none. Also looks at files when the rest is faulty.
    /// - Parameter looksAtFiles: false where the files are not, as in a pipeline.
    package func problems(_ sources: SettingsSources, looksAtFiles: Bool = true) -> [SettingsProblem] {
        let reading = read(sources)
        let files = looksAtFiles ? reading.settings.map { FileCheck.problems($0.files) } ?? [] : []
        return SettingsProblems(reading.problems + files).problems
    }

    /// What is allowed and yet hardly meant, of settings without a fault.
    package func warnings(_ settings: GatewaySettings) -> [SettingsProblem] {
        SettingsProblems(PolicyWarnings.warnings(settings, vocabulary) + DurationWarnings.warnings(settings)).problems
    }

    /// What one reading gives: settings as far as they could be decoded, usable only without problems.
    private struct Reading {
        var settings: GatewaySettings?
        var problems: [SettingsProblem] = []
    }

    private func read(_ sources: SettingsSources) -> Reading {
        var reading = Reading()
        guard var tree = parse(sources.file, &reading.problems) else { return reading }
        let startsFromEnvironment = completeFromEnvironment(&tree, sources, &reading.problems)
        // The faults of a start with half the variables are those variables and nothing that follows from them.
        guard !startsFromEnvironment || reading.problems.isEmpty else { return reading }
        tree = lay(sources, over: tree, startsFromEnvironment, &reading.problems)
        let pass = DecodingPass(
            .init(
                environment: sources.environment, documentDirectory: sources.documentDirectory, workingDirectory: sources.workingDirectory,
                storePath: sources.storePath))
        var settings = GatewaySettings(decoding: tree, pass)
        settings.showEndpoints(vocabulary)
        let found = pass.problems + Validation.problems(settings, pass, vocabulary)
        // A value whose form is broken was read as nothing; what follows from that, at the same place, is not reported.
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
