using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;

namespace Polysync.JobTypes.Tests
{
    /// <summary>
    /// Runs the tests: each public method of a class whose name ends in Tests. There is no framework, so that a
    /// compiler and a runtime are all that is needed.
    /// </summary>
    internal static class Program
    {
        private static int Main(string[] arguments)
        {
            Stage.Read(arguments);
            int failed = 0;
            int passed = 0;
            foreach (MethodInfo test in Tests().Where(test => arguments.Length < 2 || test.Name.Contains(arguments[1])))
            {
                try
                {
                    Run(test);
                    passed++;
                    Console.WriteLine("test " + test.DeclaringType.Name + "." + test.Name + " ... ok");
                }
                catch (Exception exception)
                {
                    failed++;
                    Console.WriteLine("test " + test.DeclaringType.Name + "." + test.Name + " ... FAILED");
                    Console.WriteLine(exception.InnerException ?? exception);
                }
            }
            Console.WriteLine(passed + " passed, " + failed + " failed");
            return failed == 0 && passed > 0 ? 0 : 1;
        }

        private static void Run(MethodInfo test)
        {
            object tests = Activator.CreateInstance(test.DeclaringType, true);
            using (tests as IDisposable)
            {
                var task = (Task)test.Invoke(tests, null);
                if (!task.Wait(TimeSpan.FromMinutes(5)))
                {
                    throw new TimeoutException("the test hangs");
                }
            }
        }

        private static IEnumerable<MethodInfo> Tests() =>
            typeof(Program).Assembly.GetTypes()
                .Where(type => type.Name.EndsWith("Tests", StringComparison.Ordinal))
                .OrderBy(type => type.Name)
                .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
                .Where(method => method.ReturnType == typeof(Task));
    }
}
