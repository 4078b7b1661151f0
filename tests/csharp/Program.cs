// The C# client against a sandbox tenant, which the environment variables lead to: one line per test.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net.Http;
using System.Text;
using System.Threading;
using GuestRedemption;

static class Program
{
    const string Alice = "10000000-0000-4000-8000-000000000001";
    const string Bob = "10000000-0000-4000-8000-000000000002";
    const string Ines = "10000000-0000-4000-8000-000000000007";

    static readonly HttpClient Control = new HttpClient { BaseAddress = new Uri(Environment.GetEnvironmentVariable("GUEST_REDEMPTION_GRAPH_URL")) };
    static int failures;

    static int Main(string[] arguments)
    {
        if (arguments.Length == 1 && arguments[0] == "host") return Host.Run();
        It("knows the library", KnowsTheLibrary);
        It("resets a guest, typed", ResetsAGuest);
        It("plans without changing anything", Plans);
        It("throws typed errors", ThrowsTypedErrors);
        It("keeps NULL, empty and odd strings apart", OddStrings);
        It("hands over variables set inside .NET", HandsOverVariables);
        It("lets the caller's own environment win", CallersEnvironmentWins);
        It("cancels from another thread", CancelsFromAnotherThread);
        It("refuses calls once cancelled", StaysCancelled);
        It("answers many threads at once", ManyThreads);
        It("resets many guests in a batch", ResetsMany);
        It("cancels a batch, and frees it once", CancelsABatch);
        It("says why a batch does not start", BatchDoesNotStart);
        It("reads and writes JSON", ReadsAndWritesJson);
        It("refuses what is not JSON", RefusesWhatIsNotJson);
        return failures;
    }

    static void KnowsTheLibrary()
    {
        Equal(1, Client.AbiVersion);
        True(Client.Version.Split('.').Length == 3, "a version of three parts");
        Equal(Environment.GetEnvironmentVariable("GUEST_REDEMPTION_LIBRARY"), Client.LibraryPath);
    }

    static void ResetsAGuest()
    {
        var result = new GuestRedemptionClient().Reset(Alice, "alice@tailspin.com", new ResetOptions { Verify = "full" });
        Equal("done", result.Outcome);
        Equal("alice@fabrikam.com", result.OldEmail);
        Equal("alice@tailspin.com", result.GuestAfter.Mail);
        Equal(result.GuestBefore.Id, result.GuestAfter.Id);
        Equal("PendingAcceptance", result.State);
        Equal(0, result.Groups.Lost.Count);
        True(result.Groups.Before.Count > 0 && result.AppAssignments.Before.Count > 0, "the guest has groups and apps");
        True(result.InviteRedeemUrl.StartsWith("http"), "a redeem URL");
    }

    static void Plans()
    {
        var client = new GuestRedemptionClient();
        Equal(true, client.PlanReset("alice@fabrikam.com").CanReset);
        var refused = client.PlanReset(Ines);
        Equal(false, refused.CanReset);
        Equal("INTERNAL_USER", refused.Obstacles[0].Code);
        Equal(0L, State().Integer("writes"));
    }

    static void ThrowsTypedErrors()
    {
        var client = new GuestRedemptionClient();
        var missing = Throws<GuestRedemptionException>(() => client.Reset("nobody@fabrikam.com"));
        Equal("GUEST_NOT_FOUND", missing.Status);
        Equal(200, missing.StatusCode);
        True(missing.Hint != null && missing.Report != null, "a hint, and a report of the steps");
        Fault("POST", "/invitations", @"{""respond"":{""status"":403,""headers"":{""request-id"":""r-1""},""body"":""{\""error\"":{\""code\"":\""Authorization_RequestDenied\"",\""message\"":\""Insufficient privileges to complete the operation.\""}}""}}");
        var denied = Throws<GuestRedemptionException>(() => client.Reset(Alice));
        Equal(403, denied.HttpStatus);
        Equal("Authorization_RequestDenied", denied.GraphCode);
        True(denied.ClientRequestId != null, "our id of the request");
    }

    static void OddStrings()
    {
        Equal("NULL_ARGUMENT", Client.Reset(null, null, null).Status);
        Equal("INVALID_USER_ID", Client.Reset("", null, null).Status);
        Equal("INVALID_USER_ID", Client.Reset("alice@fabrikam.com\0", null, null).Status);
        Equal("EMPTY_ADDRESS", Client.Reset(Alice, "", null).Status);
        Equal("MALFORMED_ADDRESS", Client.Reset(Alice, "alice@tailspin.com\0x", null).Status);
        Equal("MALFORMED_ADDRESS", Client.Reset(Alice, "alice@tailspin.com, bob@tailspin.com", null).Status);
        Equal("ARGUMENT_TOO_LONG", Client.Reset(new string('a', 2 << 20), null, null).Status);
        Equal("GUEST_NOT_FOUND", Client.Reset("źó\u0142\u0107😀@fabrikam.com", null, null).Status);
        Equal("UNKNOWN_OPTION", Client.Reset(Alice, null, Map("verfy", "full")).Status);
        Equal("WRONG_TYPE", Client.Reset(Alice, null, Map("dry_run", "yes")).Status);
        Equal("UNKNOWN_OPERATION", Client.Call(Map("op", "user.destroy")).Status);
        Equal("MISSING_OPTION", Client.Call(Map("op", "user.get")).Status);
        Equal("INVALID_JSON", Client.Call(Map("op", "user.get", "user_id", "\ud800@x.example")).Status);
        Throws<ArgumentNullException>(() => Client.Call(null));
        Equal(0L, State().Integer("writes"));
    }

    /// On Linux these never reach the library's own getenv.
    static void HandsOverVariables()
    {
        var secret = Environment.GetEnvironmentVariable("AZURE_CLIENT_SECRET");
        Environment.SetEnvironmentVariable("AZURE_CLIENT_SECRET", null);
        try
        {
            Equal("NOT_SIGNED_IN", GetAlice(null).Status);
            Environment.SetEnvironmentVariable("GUEST_REDEMPTION_ACCESS_TOKEN", Post("token", @"{""kind"":""user""}").Text("access_token"));
            Equal("OK", GetAlice(null).Status);
        }
        finally
        {
            Environment.SetEnvironmentVariable("GUEST_REDEMPTION_ACCESS_TOKEN", null);
            Environment.SetEnvironmentVariable("AZURE_CLIENT_SECRET", secret);
        }
    }

    static void CallersEnvironmentWins()
    {
        Equal("NOT_SIGNED_IN", Client.Call(Map("op", "user.get", "user_id", Alice, "environment", new Dictionary<string, object>())).Status);
    }

    static void CancelsFromAnotherThread()
    {
        GetAlice(null).EnsureOk();
        Fault("GET", "/users", @"{""delay_ms"":20000}");
        using (var cancel = new Cancellation())
        {
            var watch = new Stopwatch();
            var other = new Thread(() =>
            {
                Thread.Sleep(300);
                watch.Start();
                cancel.Cancel();
            });
            other.Start();
            Equal("CANCELLED", GetAlice(cancel).Status);
            True(watch.ElapsedMilliseconds < 500, "ended after " + watch.ElapsedMilliseconds + " ms");
            other.Join();
        }
    }

    static void StaysCancelled()
    {
        var cancel = new Cancellation();
        cancel.Cancel();
        cancel.Cancel();
        Equal("CANCELLED", Client.Reset(Alice, null, null, cancel).Status);
        cancel.Dispose();
        cancel.Dispose();
        cancel.Cancel();
        Equal("UNKNOWN_CANCEL_ID", GetAlice(cancel).Status);
        Equal(0L, State().Integer("writes"));
    }

    static void ManyThreads()
    {
        var wrong = 0;
        var threads = new List<Thread>();
        for (var i = 0; i < 8; i++)
        {
            var thread = new Thread(() =>
            {
                for (var n = 0; n < 20; n++)
                {
                    if (GetAlice(null).Result.Object("user").Text("displayName") != "Alice Alvarez") Interlocked.Increment(ref wrong);
                }
            });
            thread.Start();
            threads.Add(thread);
        }
        foreach (var thread in threads) thread.Join();
        Equal(0, wrong);
    }

    static void ResetsMany()
    {
        using (var batch = ResetBatch.Start(Map("max_in_flight", 3)))
        {
            Equal(BatchAdded.Taken, batch.TryAdd(1, Alice, "alice@tailspin.com", Map("verify", "none"), 30000));
            Equal(BatchAdded.Taken, batch.TryAdd(2, "nobody@fabrikam.com", null, null, 30000));
            Equal(BatchAdded.Taken, batch.TryAdd(ulong.MaxValue, Bob, null, null, 30000));
            batch.Finish();
            Equal(BatchAdded.Closed, batch.TryAdd(4, Bob, null, null, 0));
            var results = TakeAll(batch);
            Equal(3, results.Count);
            Equal("accepted_unverified", ResetResult.From(results[1]).Outcome);
            Equal("GUEST_NOT_FOUND", results[2].Status);
            Equal("done", ResetResult.From(results[ulong.MaxValue]).Outcome);
        }
    }

    static void CancelsABatch()
    {
        Fault("GET", "/users", @"{""delay_ms"":20000}");
        var batch = ResetBatch.Start(Map("max_in_flight", 1, "dry_run", true));
        for (ulong tag = 0; batch.TryAdd(tag, Alice, null, null, 0) != BatchAdded.Full; tag++) True(tag < 1000, "bounded");
        ulong none;
        CallResult nothing;
        Equal(BatchTaken.Pending, batch.TryTake(0, out none, out nothing));
        var other = new Thread(batch.Cancel);
        other.Start();
        var results = TakeAll(batch);
        other.Join();
        True(results.Count > 0, "each guest that was taken has a result");
        foreach (var result in results.Values) Equal("CANCELLED", result.Status);
        batch.Dispose();
        batch.Dispose();
        batch.Cancel();
        Throws<ObjectDisposedException>(() => batch.TryTake(0, out none, out nothing));
    }

    static void BatchDoesNotStart()
    {
        Equal("UNKNOWN_OPTION", Throws<GuestRedemptionException>(() => ResetBatch.Start(Map("max_in_fligth", 2))).Status);
        Equal("OUT_OF_RANGE", Throws<GuestRedemptionException>(() => ResetBatch.Start(Map("max_in_flight", 0))).Status);
    }

    static Dictionary<ulong, CallResult> TakeAll(ResetBatch batch)
    {
        var results = new Dictionary<ulong, CallResult>();
        ulong tag;
        CallResult result;
        while (batch.TryTake(30000, out tag, out result) == BatchTaken.Result) results.Add(tag, result);
        return results;
    }

    static void ReadsAndWritesJson()
    {
        const string text = @"{""b"":[1,-2.5,1e3,true,false,null,{}],""a"":""\u00e9\n\""\\\/\ud83d\ude00"",""B"":9007199254740993,""c"":1" + "234567890123456789012}";
        var read = (Dictionary<string, object>)Json.Parse(text);
        Equal("b a B c", string.Join(" ", read.Keys));
        Equal("é\n\"\\/😀", read["a"]);
        Equal(9007199254740993L, read["B"]);
        Equal(1234567890123456789012.0, read["c"]);
        var items = (List<object>)read["b"];
        Equal(1L, items[0]);
        Equal(-2.5, items[1]);
        Equal(1000.0, items[2]);
        var once = Json.Write(read);
        Equal(once, Json.Write(Json.Parse(once)));
        Equal(@"{""x"":[""\u0000\u001f\ud800"",1.5]}", Json.Write(Map("x", new object[] { "\0\x1f\ud800", 1.5m })));
        Throws<ArgumentException>(() => Json.Write(double.NaN));
        Throws<ArgumentException>(() => Json.Write(new object()));
        var endless = new List<object>();
        endless.Add(endless);
        Throws<ArgumentException>(() => Json.Write(endless));
    }

    static void RefusesWhatIsNotJson()
    {
        var wrong = new[]
        {
            "", " ", "{", "[1,]", "{,}", @"{""a"":1,}", "{a:1}", "'a'", "01", "1.", ".5", "+1", "1e", "--1", "nul", "NaN", "1 2", "\"a\nb\"", "\"\\x\"",
            "\"\\u12g4\"", "\"\\u+123\"", "\"abc", "[1 2]", "{\"a\" 1}", "\ufeff1", "1e999", new string('[', 1000), "[1]\0", "tru\0",
        };
        foreach (var text in wrong) Throws<FormatException>(() => Json.Parse(text), text);
    }

    static CallResult GetAlice(Cancellation cancel)
    {
        return Client.Call(Map("op", "user.get", "user_id", Alice, "select", new[] { "id", "displayName" }), cancel);
    }

    static Dictionary<string, object> Map(params object[] pairs)
    {
        var map = new Dictionary<string, object>();
        for (var i = 0; i < pairs.Length; i += 2) map[(string)pairs[i]] = pairs[i + 1];
        return map;
    }

    static IDictionary<string, object> State()
    {
        return (IDictionary<string, object>)Json.Parse(Control.GetStringAsync("/sandbox/state").Result);
    }

    static void Fault(string method, string path, string action)
    {
        Post("fault", @"{""method"":""" + method + @""",""path"":""" + path + @""",""times"":1,""action"":" + action + "}");
    }

    static IDictionary<string, object> Post(string command, string body)
    {
        var answer = Control.PostAsync("/sandbox/" + command, new StringContent(body, Encoding.UTF8, "application/json")).Result;
        var text = answer.Content.ReadAsStringAsync().Result;
        if (!answer.IsSuccessStatusCode) throw new Exception(text);
        return (IDictionary<string, object>)Json.Parse(text);
    }

    static void It(string name, Action test)
    {
        try
        {
            Post("reset", "{}");
            test();
            Console.WriteLine("ok      " + name);
        }
        catch (Exception e)
        {
            failures++;
            Console.WriteLine("FAILED  " + name + "\n" + e);
        }
    }

    static void Equal(object expected, object actual)
    {
        if (!Equals(expected, actual)) throw new Exception("expected '" + expected + "', got '" + actual + "'");
    }

    static void True(bool condition, string what)
    {
        if (!condition) throw new Exception("not so: " + what);
    }

    static T Throws<T>(Action action, string what = "") where T : Exception
    {
        try
        {
            action();
        }
        catch (T e)
        {
            return e;
        }
        throw new Exception("no " + typeof(T).Name + " " + what);
    }
}
