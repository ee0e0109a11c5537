import Codecs

/// All inputs of the settings.
package struct SettingsSources: Sendable {
    /// Nil starts from the environment alone.
    package var file: SettingsFile?
    package var environment: [String: String]
    package var flags: [FlagValue]
    /// Flags that are passed in `environment` as the corresponding variable, by that variable: faults are reported for the flag.
    package var flagsByVariable: [String: String] = [:]
    /// Relative paths in variables and flags start here; those in the file start at the file.
    package var workingDirectory: String
    /// Variables with the gateway's prefix that the program itself reads, so they are not reported as unknown.
    package var otherVariables: Set<String>
    /// Whether the project, credential, caller and rule come from the environment although there is a file, if the file has neither
    /// credentials nor projects. The sandbox, which makes its own, starts this way.
    package var completesFromEnvironment: Bool
    /// Whether the variables have to be set that `${NAME}` refers to. In a pipeline without secrets they are not.
    package var hasSecrets = true
    /// Returns a path under which a store's secret can be read after it was fetched; nil if no secret will be read.
    package var storePath: (@Sendable (StoreReference) -> String)?

    package init(file: SettingsFile?, environment: [String: String], workingDirectory: String) {
        self.file = file
        self.environment = environment
        self.workingDirectory = workingDirectory
        flags = []
        otherVariables = []
        completesFromEnvironment = false
    }

    /// The directory that relative paths in the file start from, absolute if the working directory is.
    var documentDirectory: String {
        guard let file, file.path.contains("/") else { return workingDirectory }
        let directory = PathText.parent(of: file.path)
        return directory.hasPrefix("/") ? directory : "\(workingDirectory)/\(directory)"
    }
}
