/// Variables with the gateway's prefix that are no settings: the program, its start from the environment and its tests read them.
enum ProcessVariables {
    /// How many workers there are; one per usable processor when it is not set.
    static let workers = "HSSGW_WORKERS"
    /// Where `health` finds the admin port's token.
    static let adminTokenFile = "HSSGW_ADMIN_TOKEN_FILE"
    /// The region of a start without a file.
    static let region = "HSSGW_REGION"
    /// What the test suites hand to each other.
    private static let forTests = ["HSSGW_BINARY", "HSSGW_TEST_PYTHON"]

    static let all: Set<String> = Set([workers, region] + forTests)
}
