import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.security.Security;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * An echo server on Java's own TLS and DTLS, with all that Java has and by default refuses: SSL 3.0, RC4, 3DES, static ECDH.
 *
 * <p>java JsseServer.java PORT stream|datagram FILE.p12 [VERSION [SUITE]]: with these it takes nothing else. Prints "ready",
 * "closed" when a client ended with a close_notify, "failed" and why for the others. Serves one client after the other.
 */
public class JsseServer {
    private static final String PASSWORD = "changeit";
    // The largest record with its header, and the largest datagram that a loopback carries.
    private static final int LARGEST = 1 << 16;

    public static void main(String[] arguments) throws Exception {
        // These must be cleared before the first use of any class of JSSE.
        Security.setProperty("jdk.tls.disabledAlgorithms", "");
        Security.setProperty("jdk.tls.legacyAlgorithms", "");
        Security.setProperty("jdk.certpath.disabledAlgorithms", "");

        int port = Integer.parseInt(arguments[0]);
        boolean datagram = arguments[1].equals("datagram");
        SSLContext context = context(datagram ? "DTLS" : "TLS", arguments[2]);
        SSLParameters allowed = everything(context);
        if (arguments.length > 3) {
            allowed.setProtocols(new String[] {arguments[3]});
        }
        if (arguments.length > 4) {
            allowed.setCipherSuites(new String[] {suite(allowed, arguments[4])});
        }
        if (datagram) {
            serveDatagrams(context, allowed, new DatagramSocket(port, InetAddress.getLoopbackAddress()));
        } else {
            serveStreams(context, allowed, port);
        }
    }

    private static SSLContext context(String protocol, String file) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = new FileInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance("SunX509");
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance(protocol);
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static SSLParameters everything(SSLContext context) {
        SSLParameters all = context.getSupportedSSLParameters();
        all.setProtocols(Arrays.stream(all.getProtocols())
                                 .filter(name -> !name.equals("SSLv2Hello") && !name.equals("TLSv1.3"))
                                 .toArray(String[]::new));
        return all;
    }

    // Java's names of the oldest suites begin with SSL_.
    private static String suite(SSLParameters supported, String registered) {
        String behind = registered.substring("TLS".length());
        return Arrays.stream(supported.getCipherSuites())
                .filter(name -> name.substring("TLS".length()).equals(behind))
                .findFirst()
                .orElseThrow();
    }

    private static void serveStreams(SSLContext context, SSLParameters allowed, int port) throws IOException {
        SSLServerSocket listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(port, 50, InetAddress.getLoopbackAddress());
        listener.setSSLParameters(allowed);
        System.out.println("ready");
        while (true) {
            try (SSLSocket client = (SSLSocket) listener.accept()) {
                // Ends at the close_notify; a connection that ends without one throws.
                client.getInputStream().transferTo(client.getOutputStream());
                System.out.println("closed");
            } catch (IOException failure) {
                System.out.println("failed: " + failure);
            }
        }
    }

    private static void serveDatagrams(SSLContext context, SSLParameters allowed, DatagramSocket socket) throws IOException {
        System.out.println("ready");
        DatagramPacket first = receive(socket);
        while (true) {
            SSLEngine engine = context.createSSLEngine(first.getAddress().getHostAddress(), first.getPort());
            engine.setUseClientMode(false);
            engine.setSSLParameters(allowed);
            Association association = new Association(engine, socket, first.getSocketAddress());
            try {
                first = association.serve(first);
            } catch (IOException failure) {
                System.out.println("failed: " + failure);
                first = receive(socket);
            }
        }
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
        socket.receive(packet);
        return packet;
    }

    /** One client's DTLS connection. A lost datagram is the client's to repeat. */
    private static final class Association {
        private final SSLEngine engine;
        private final DatagramSocket socket;
        private final SocketAddress peer;
        private ByteBuffer inbound = ByteBuffer.allocate(0);

        Association(SSLEngine engine, DatagramSocket socket, SocketAddress peer) {
            this.engine = engine;
            this.socket = socket;
            this.peer = peer;
        }

        /** Returns the first datagram of the next client. */
        DatagramPacket serve(DatagramPacket first) throws IOException {
            inbound = content(first);
            ByteBuffer plain = ByteBuffer.allocate(LARGEST);
            while (true) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> runTasks();
                    case NEED_WRAP -> send(ByteBuffer.allocate(0));
                    case NEED_UNWRAP_AGAIN -> engine.unwrap(ByteBuffer.allocate(0), plain);
                    default -> {
                        if (engine.isInboundDone()) {
                            System.out.println("closed");
                            return receive(socket);
                        }
                        if (!inbound.hasRemaining()) {
                            DatagramPacket packet = receive(socket);
                            if (!packet.getSocketAddress().equals(peer)) {
                                System.out.println("failed: another client came");
                                return packet;
                            }
                            inbound = content(packet);
                        }
                        engine.unwrap(inbound, plain);
                        plain.flip();
                        if (plain.hasRemaining()) {
                            send(plain);
                        }
                        plain.clear();
                    }
                }
            }
        }

        private void runTasks() {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
        }

        private void send(ByteBuffer plain) throws IOException {
            ByteBuffer record = ByteBuffer.allocate(LARGEST);
            engine.wrap(plain, record);
            if (record.position() > 0) {
                socket.send(new DatagramPacket(record.array(), record.position(), peer));
            }
        }

        private static ByteBuffer content(DatagramPacket packet) {
            return ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
        }
    }
}
