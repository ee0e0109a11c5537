/// The fleet's schema in PostgreSQL: its name, its version, and the script that migrates to it.
package enum FleetSchema {
    /// The version that this program uses. A newer schema only adds to it, so that it works with this program
    /// as well.
    package static let version = 4

    /// Each script stands for one version of the tables.
    private static var tables: [[UInt8]] {
        [PackageResources.tables_1_sql, PackageResources.tables_2_sql, PackageResources.tables_3_sql, PackageResources.tables_4_sql]
    }

    /// The name of a fleet's schema; the scripts contain that of the fleet `default`.
    package static func name(of fleet: String) -> String { fleet == "default" ? title : "\(title)_\(fleet)" }

    private static let title = "hssgw_fleet"

    /// The statements that migrate an installed version to this one; functions and rights are always replaced.
    static func script(from installed: Int, fleet: String) -> String {
        var script = "SET LOCAL ROLE hssgw_owner;\nSET LOCAL search_path = \(title), pg_temp;\n"
        for (index, text) in tables.enumerated() where index >= installed {
            script += String(decoding: text, as: UTF8.self) + "\nINSERT INTO \(title).schema_version VALUES (\(index + 1));\n"
        }
        script +=
            String(decoding: PackageResources.functions_sql, as: UTF8.self) + "\n" + String(decoding: PackageResources.rights_sql, as: UTF8.self)
        return script.replacing(title, with: name(of: fleet))
    }
}
