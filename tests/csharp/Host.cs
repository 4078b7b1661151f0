using System;
using System.Collections.Generic;
using System.Threading;
using GuestRedemption;

/// <summary>
/// Makes the calls that standard input asks for, one a line, each on a thread of its own; what tests/c/host.c does in C.
/// </summary>
static class Host
{
    static readonly object Output = new object();
    static readonly Dictionary<long, Cancellation> Cancellations = new Dictionary<long, Cancellation>();

    internal static int Run()
    {
        string line;
        while ((line = Console.In.ReadLine()) != null)
        {
            var words = line.Split('\t');
            new Thread(() => Serve(words)).Start();
        }
        return 0;
    }

    static void Serve(string[] words)
    {
        var answer = Answer(words);
        lock (Output)
        {
            Console.Out.Write(words[0] + "\t" + answer + "\n");
            Console.Out.Flush();
        }
    }

    static string Answer(string[] words)
    {
        switch (words[1])
        {
            case "call": return Text(Calling(words[2], request => Client.Call(request.Item1, request.Item2)));
            case "reset": return Text(Calling(words[3], options => Client.Reset(words[2], null, options.Item1, options.Item2)));
            case "cancel_new": return New().ToString();
            default: return Cancel(words[1], long.Parse(words[2])).ToString();
        }
    }

    /// The id of a cancellation stands in the request in C; in C# the client puts it there.
    static CallResult Calling(string json, Func<Tuple<IDictionary<string, object>, Cancellation>, CallResult> call)
    {
        var members = (IDictionary<string, object>)Json.Parse(json);
        Cancellation cancel = null;
        if (members.TryGetValue("cancel_id", out var id))
        {
            members.Remove("cancel_id");
            lock (Cancellations) cancel = Cancellations[(long)id];
        }
        return call(Tuple.Create(members, cancel));
    }

    static string Text(CallResult result)
    {
        return result.StatusCode + "\t" + result.RawJson;
    }

    static long New()
    {
        lock (Cancellations)
        {
            Cancellations.Add(Cancellations.Count + 1, new Cancellation());
            return Cancellations.Count;
        }
    }

    static long Cancel(string word, long id)
    {
        Cancellation cancel;
        lock (Cancellations) cancel = Cancellations[id];
        if (word == "cancel") cancel.Cancel();
        else cancel.Dispose();
        return id;
    }
}
