namespace GuestRedemption.AzureADPreview
{
    /// <summary>What Enable-AzureADCompatibility or Disable-AzureADCompatibility did with a stand-in.</summary>
    public enum AzureADStandInState
    {
        /// <summary>Written by this call.</summary>
        Written,

        /// <summary>It was there already.</summary>
        Unchanged,

        /// <summary>Removed by this call.</summary>
        Removed,
    }

    /// <summary>A module under the name of a retired one that loads GuestRedemption.AzureADPreview.</summary>
    public sealed class AzureADStandIn
    {
        internal AzureADStandIn(StandIn standIn, AzureADStandInState state, string path, string loads)
        {
            Name = standIn.Name;
            Version = standIn.Version;
            State = state;
            Path = path;
            Loads = loads;
        }

        public string Name { get; }

        public string Version { get; }

        public AzureADStandInState State { get; }

        /// <summary>Its manifest.</summary>
        public string Path { get; }

        /// <summary>Name or path of the module that it loads; null for one that was removed.</summary>
        public string Loads { get; }
    }
}
