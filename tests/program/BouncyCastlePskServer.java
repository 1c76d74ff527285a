import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.PSKTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsPSKIdentityManager;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.bouncycastle.util.encoders.Hex;

/**
 * An echo server with a pre-shared key on Bouncy Castle's TLS, from SSL 3.0 on.
 *
 * <p>java --class-path … BouncyCastlePskServer.java PORT IDENTITY HEXKEY [VERSION SUITE]: with the latter, their numbers in
 * hexadecimal, it takes nothing else. Prints "ready", "closed" when a client ended with a close_notify, "failed" and why for the
 * others. Serves one client after the other.
 */
public class BouncyCastlePskServer {
    private static final ProtocolVersion[] VERSIONS = ProtocolVersion.TLSv12.downTo(ProtocolVersion.SSLv3);
    private static final int[] SUITES = {
        CipherSuite.TLS_PSK_WITH_3DES_EDE_CBC_SHA,    CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA,
        CipherSuite.TLS_PSK_WITH_AES_256_CBC_SHA,     CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA256,
        CipherSuite.TLS_PSK_WITH_AES_256_CBC_SHA384,  CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_PSK_WITH_AES_256_GCM_SHA384,  CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
    };

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        Keys keys = new Keys(arguments[1].getBytes(StandardCharsets.UTF_8), Hex.decode(arguments[2]));
        ProtocolVersion[] versions = VERSIONS;
        int[] suites = SUITES;
        if (arguments.length > 3) {
            int number = Integer.parseInt(arguments[3], 16);
            versions = new ProtocolVersion[] {ProtocolVersion.get(number >> 8, number & 0xff)};
            suites = new int[] {Integer.parseInt(arguments[4], 16)};
        }
        ServerSocket listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        System.out.println("ready");
        while (true) {
            try (Socket client = listener.accept()) {
                TlsServerProtocol protocol = new TlsServerProtocol(client.getInputStream(), client.getOutputStream());
                protocol.accept(new Server(keys, versions, suites));
                // Ends at the close_notify; a connection that ends without one throws.
                protocol.getInputStream().transferTo(protocol.getOutputStream());
                System.out.println("closed");
            } catch (IOException failure) {
                System.out.println("failed: " + failure);
            }
        }
    }

    private record Keys(byte[] identity, byte[] key) implements TlsPSKIdentityManager {
        @Override
        public byte[] getHint() {
            return null;
        }

        @Override
        public byte[] getPSK(byte[] asked) {
            return Arrays.equals(asked, identity) ? key.clone() : null;
        }
    }

    private static final class Server extends PSKTlsServer {
        private final ProtocolVersion[] versions;
        private final int[] suites;

        Server(Keys keys, ProtocolVersion[] versions, int[] suites) {
            super(new BcTlsCrypto(new SecureRandom()), keys);
            this.versions = versions;
            this.suites = suites;
        }

        // The base class reads these two from its init().
        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return versions;
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return suites;
        }
    }
}
