import { jobXml } from './job-xml.ts'
import type { SnippetValues } from './snippets.ts'

// Each signs the host alone, which a server must be able to check, with q-sign-algorithm=sha1 and its standard library.

export function pythonSnippet({ url, libraryId, secretId }: SnippetValues): string {
  return String.raw`import hashlib, hmac, os, time
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

URL = '${url}/jobs'
SECRET_ID = '${secretId}'
BODY = '${jobXml(libraryId)}'

def mac(key, text):
    return hmac.new(key.encode(), text.encode(), hashlib.sha1).hexdigest()

now = int(time.time())
key_time = f'{now - 60};{now + 900}'
host = quote(urlsplit(URL).netloc, safe='')
digest = hashlib.sha1(f'post\n/jobs\n\nhost={host}\n'.encode()).hexdigest()
signature = mac(mac(os.environ['SECRET_KEY'], key_time), f'sha1\n{key_time}\n{digest}\n')
authorization = (
    f'q-sign-algorithm=sha1&q-ak={SECRET_ID}&q-sign-time={key_time}&q-key-time={key_time}'
    f'&q-header-list=host&q-url-param-list=&q-signature={signature}'
)
headers = {'Authorization': authorization, 'Content-Type': 'application/xml'}
with urlopen(Request(URL, BODY.encode(), headers, method='POST')) as answer:
    print(answer.read().decode())
`
}

export function goSnippet({ url, libraryId, secretId }: SnippetValues): string {
  return String.raw`package main

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

const (
	address  = "${url}/jobs"
	secretID = "${secretId}"
	body     = "${jobXml(libraryId)}"
)

func mac(key, text string) string {
	hash := hmac.New(sha1.New, []byte(key))
	hash.Write([]byte(text))
	return hex.EncodeToString(hash.Sum(nil))
}

func main() {
	request, err := http.NewRequest("POST", address, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	now := time.Now().Unix()
	keyTime := fmt.Sprintf("%d;%d", now-60, now+900)
	digest := sha1.Sum([]byte("post\n/jobs\n\nhost=" + url.QueryEscape(request.URL.Host) + "\n"))
	toSign := "sha1\n" + keyTime + "\n" + hex.EncodeToString(digest[:]) + "\n"
	signature := mac(mac(os.Getenv("SECRET_KEY"), keyTime), toSign)
	request.Header.Set("Content-Type", "application/xml")
	request.Header.Set("Authorization", "q-sign-algorithm=sha1&q-ak="+secretID+
		"&q-sign-time="+keyTime+"&q-key-time="+keyTime+
		"&q-header-list=host&q-url-param-list=&q-signature="+signature)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	io.Copy(os.Stdout, answer.Body)
}
`
}

export function javaSnippet({ url, libraryId, secretId }: SnippetValues): string {
  return String.raw`// java Search.java (Java 17 or later)
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import static java.nio.charset.StandardCharsets.UTF_8;

public class Search {
  static final URI ADDRESS = URI.create("${url}/jobs");
  static final String SECRET_ID = "${secretId}";
  static final String BODY = "${jobXml(libraryId)}";

  static String mac(String key, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA1"));
    return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
  }

  public static void main(String[] args) throws Exception {
    long now = System.currentTimeMillis() / 1000;
    String keyTime = (now - 60) + ";" + (now + 900);
    String host = URLEncoder.encode(ADDRESS.getAuthority(), UTF_8);
    byte[] request = ("post\n/jobs\n\nhost=" + host + "\n").getBytes(UTF_8);
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(request));
    String signature = mac(mac(System.getenv("SECRET_KEY"), keyTime), "sha1\n" + keyTime + "\n" + digest + "\n");
    String authorization = "q-sign-algorithm=sha1&q-ak=" + SECRET_ID
        + "&q-sign-time=" + keyTime + "&q-key-time=" + keyTime
        + "&q-header-list=host&q-url-param-list=&q-signature=" + signature;
    HttpResponse<String> answer = HttpClient.newHttpClient().send(
        HttpRequest.newBuilder(ADDRESS)
            .header("Authorization", authorization)
            .header("Content-Type", "application/xml")
            .POST(HttpRequest.BodyPublishers.ofString(BODY))
            .build(),
        HttpResponse.BodyHandlers.ofString());
    System.out.println(answer.body());
  }
}
`
}
