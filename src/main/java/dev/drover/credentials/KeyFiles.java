package dev.drover.credentials;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads keys and certificates. Each error is one line that names the file. */
final class KeyFiles {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]*)-----END", Pattern.DOTALL);
    private static final String ALIAS = "client";

    private KeyFiles() {}

    static KeyStore pkcs12(String file, char[] password) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(read(file)), password);
            return store;
        } catch (IOException e) {
            if (e.getCause() instanceof UnrecoverableKeyException) {
                throw new IOException("the password does not open the file " + file, e);
            }
            throw e.getMessage() != null && e.getMessage().contains(file) ? e : notOne(file, "PKCS #12 key store", e);
        } catch (GeneralSecurityException e) {
            throw notOne(file, "PKCS #12 key store", e);
        }
    }

    /** A client certificate with its chain, and its key, both in PEM. */
    static KeyStore pem(String certificates, String key, char[] password) throws IOException {
        try {
            Certificate[] chain = certificates(certificates).toArray(Certificate[]::new);
            PrivateKey own = key(key, chain[0].getPublicKey().getAlgorithm());
            if (!belong(own, chain[0].getPublicKey())) {
                throw new IOException("the key in the file " + key + " does not belong to the certificate in the file "
                        + certificates);
            }
            KeyStore store = empty();
            store.setKeyEntry(ALIAS, own, password, chain);
            return store;
        } catch (GeneralSecurityException e) {
            throw notOne(key, "private key for the certificate", e);
        }
    }

    /** Trusted certificate authorities in PEM. */
    static KeyStore trusted(String file) throws IOException {
        try {
            KeyStore store = empty();
            int number = 0;
            for (Certificate each : certificates(file)) {
                store.setCertificateEntry("authority-" + number++, each);
            }
            return store;
        } catch (GeneralSecurityException e) {
            throw notOne(file, "certificate in PEM", e);
        }
    }

    /** Refuses a store without a key, and a certificate that is not valid now. */
    static void check(KeyStore store, String file) throws IOException {
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias) && store.getCertificate(alias) instanceof X509Certificate certificate) {
                    checkDates(certificate, file);
                    return;
                }
            }
        } catch (GeneralSecurityException e) {
            throw notOne(file, "key store", e);
        }
        throw new IOException("the file " + file + " has no private key with its certificate");
    }

    private static void checkDates(X509Certificate certificate, String file) throws IOException {
        Instant now = Instant.now();
        Instant until = certificate.getNotAfter().toInstant();
        Instant from = certificate.getNotBefore().toInstant();
        if (now.isAfter(until)) {
            throw new IOException("the certificate in the file " + file + " expired at " + until);
        }
        if (now.isBefore(from)) {
            throw new IOException("the certificate in the file " + file + " is not valid before " + from);
        }
    }

    private static List<? extends Certificate> certificates(String file) throws IOException {
        byte[] bytes = read(file);
        try {
            List<? extends Certificate> found = List.copyOf(
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes)));
            if (!found.isEmpty()) {
                return found;
            }
        } catch (GeneralSecurityException e) {
            throw notOne(file, "certificate in PEM", e);
        }
        throw new IOException("the file " + file + " has no certificate in PEM");
    }

    private static PrivateKey key(String file, String algorithm) throws IOException, GeneralSecurityException {
        Matcher found = KEY.matcher(new String(read(file), StandardCharsets.US_ASCII));
        if (!found.find()) {
            throw new IOException("the file " + file + " has no private key in PEM");
        }
        if (!found.group(1).isEmpty()) {
            throw new IOException(
                    "the private key in the file " + file + " is not plain PKCS #8; convert it with openssl"
                            + " pkcs8 -topk8 -nocrypt, or put it with its certificate into a PKCS #12 file");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(found.group(2));
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (InvalidKeySpecException e) {
            throw notOne(file, "private key of the algorithm of the certificate, " + algorithm, e);
        }
    }

    /** Whether the public key verifies what the private key signs. */
    private static boolean belong(PrivateKey own, PublicKey certified) throws GeneralSecurityException {
        String algorithm =
                switch (own.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> own.getAlgorithm();
                };
        byte[] text = {1};
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(own);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(text);
        return signature.verify(signed);
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static byte[] read(String file) throws IOException {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (NoSuchFileException | InvalidPathException e) {
            throw new IOException("there is no file " + file + "; mount it", e);
        } catch (AccessDeniedException e) {
            throw new IOException("the file " + file + " is not readable for this process", e);
        }
    }

    private static IOException notOne(String file, String what, Exception cause) {
        return new IOException("the file " + file + " is not a " + what, cause);
    }
}
