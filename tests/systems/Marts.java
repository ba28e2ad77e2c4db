import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads over JDBC: java Marts URL USER PASSWORD QUERY, or "tables" or "columns" and a schema. */
public class Marts {
    public static void main(String[] said) throws SQLException {
        try (Connection connection = DriverManager.getConnection(said[0], said[1], said[2])) {
            switch (said[3]) {
                case "tables" -> print(connection.getMetaData().getTables(null, said[4], "%", new String[] {"TABLE"}));
                case "columns" -> print(connection.getMetaData().getColumns(null, said[4], "%", "%"));
                default -> print(connection.createStatement().executeQuery(said[3]));
            }
        } catch (SQLException refused) {
            System.err.println(refused.getSQLState() + " " + refused.getMessage());
            System.exit(1);
        }
    }

    /** One line a row, values between tabulators, NULL empty. */
    private static void print(ResultSet rows) throws SQLException {
        int width = rows.getMetaData().getColumnCount();
        while (rows.next()) {
            StringBuilder line = new StringBuilder();
            for (int at = 1; at <= width; at++) {
                String value = rows.getString(at);
                line.append(at == 1 ? "" : "\t").append(value == null ? "" : value);
            }
            System.out.println(line);
        }
    }
}
