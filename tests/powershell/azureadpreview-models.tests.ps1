# The model types: constructors, casts, printed forms, and what parameters take instead of them, also while another
# module has types of the same names.
. "$PSScriptRoot/azureadpreview.ps1"
$null = Connect-AzureAD

# Types of the same names as another module may have them: fields only, and no User from an id.
$standIns = @'
using System.Collections.Generic;
namespace Microsoft.Open.MSGraph.Model
{
    public class User { public string Id; public string OdataType; }
    public class EmailAddress { public string Name; public string Address; }
    public class Recipient
    {
        public Recipient() { }
        public Recipient(EmailAddress address) { EmailAddress = address; }
        public EmailAddress EmailAddress;
    }
    public class InvitedUserMessageInfo { public List<Recipient> CcRecipients; public string CustomizedMessageBody; public string MessageLanguage; }
}
namespace Microsoft.Open.AzureAD.Model
{
    public class PasswordProfile { public string Password; public bool? ForceChangePasswordNextLogin; public bool? EnforceChangePasswordPolicy; }
}
'@

It 'model types have the old constructors and settable properties' {
    $user = New-Object Microsoft.Open.MSGraph.Model.User
    $user.id = 'a'
    $user.OdataType = 'b'
    Assert-Equal 'c' (New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList 'c').Id
    $address = New-Object Microsoft.Open.MSGraph.Model.EmailAddress
    $address.name = 'Ines'
    $address.address = 'ines@contoso.com'
    Assert-Equal $null (New-Object Microsoft.Open.MSGraph.Model.Recipient).EmailAddress
    $recipient = New-Object Microsoft.Open.MSGraph.Model.Recipient -ArgumentList $address
    Assert-Equal 'ines@contoso.com' $recipient.EmailAddress.Address
    $message = New-Object Microsoft.Open.MSGraph.Model.InvitedUserMessageInfo
    $message.customizedMessageBody = 'hello'
    $message.messageLanguage = 'nl-NL'
    $message.ccRecipients = $recipient
    $message.CcRecipients += $recipient
    Assert-Equal 2 $message.CcRecipients.Count
}

It 'model types print as they did' {
    Assert-Equal "class User {`n  Id: x`n  OdataType: `n}`n" "$(New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList 'x')"
    $message = New-Object Microsoft.Open.MSGraph.Model.InvitedUserMessageInfo
    $message.CcRecipients = New-Object Microsoft.Open.MSGraph.Model.Recipient
    $list = 'System.Collections.Generic.List`1[Microsoft.Open.MSGraph.Model.Recipient]'
    Assert-Equal "class InvitedUserMessageInfo {`n  CcRecipients: $list`n  CustomizedMessageBody: `n  MessageLanguage: `n}`n" "$message"
}

It '-InvitedUser takes every form of a user' {
    $user = Get-AzureADUser -ObjectId $alice
    $file = [IO.Path]::GetTempFileName()
    try {
        $user | Export-Clixml $file
        $forms = $user, (Import-Clixml $file), @{ id = $alice }, @{ ObjectId = $alice }, [pscustomobject]@{ Id = $alice; Mail = 'x' }, $alice, [Guid]$alice
        foreach ($form in $forms) {
            Assert-Equal $alice (Get-Posted { Invoke-Reset @{ InvitedUser = $form } }).invitedUser.id $form.GetType().Name
        }
    }
    finally { Remove-Item $file }
    Assert-True ((Get-Thrown { Invoke-Reset @{ InvitedUser = @{ Id = $alice; Idd = 'x' } } }).Exception.Message -like "*'Idd'*")
    Assert-True ((Get-Thrown { Invoke-Reset @{ InvitedUser = (Get-Date) } }).Exception.Message -like '*none of the members*')
    # objects of other modules: with more members, with an alias, with both names of the id
    $graph = [pscustomobject]@{ Id = $alice; AdditionalProperties = @{}; DisplayName = 'Alice'; Manager = $null } | Add-Member -PassThru AliasProperty ObjectId Id
    foreach ($form in $graph, ([pscustomobject]@{ ObjectId = $alice; UserPrincipalName = 'x' }), (Get-AzureADUser -SearchString 'Alice')) {
        Assert-Equal "{`"id`":`"$alice`"}" ((Get-Posted { Invoke-Reset @{ InvitedUser = $form } }).invitedUser | ConvertTo-Json -Compress)
    }
}

It '-InvitedUserMessageInfo takes every form of a message' {
    $message = New-Object Microsoft.Open.MSGraph.Model.InvitedUserMessageInfo
    $message.CustomizedMessageBody = 'Welcome'
    $address = New-Object Microsoft.Open.MSGraph.Model.EmailAddress
    $address.Address = 'ines@contoso.com'
    $message.CcRecipients = New-Object Microsoft.Open.MSGraph.Model.Recipient -ArgumentList $address
    $table = @{ CustomizedMessageBody = 'Welcome'; CcRecipients = @{ EmailAddress = @{ Address = 'ines@contoso.com' } } }
    $list = @{ customizedMessageBody = 'Welcome'; ccRecipients = @('ines@contoso.com') }
    $other = [pscustomobject]@{ CustomizedMessageBody = 'Welcome'; MessageLanguage = $null; CcRecipients = @([pscustomobject]@{ EmailAddress = $address }) }
    foreach ($form in $message, $table, $list, $other) {
        $body = Get-Posted { Invoke-Reset @{ InvitedUser = $alice; SendInvitationMessage = $true; InvitedUserMessageInfo = $form } }
        Assert-Equal 'Welcome' $body.invitedUserMessageInfo.customizedMessageBody
        Assert-Equal 1 @($body.invitedUserMessageInfo.ccRecipients).Count
        Assert-Equal 'ines@contoso.com' $body.invitedUserMessageInfo.ccRecipients[0].emailAddress.address
    }
    $body = Get-Posted { Invoke-Reset @{ InvitedUser = $alice; InvitedUserMessageInfo = 'Welcome' } }
    Assert-Equal 'Welcome' $body.invitedUserMessageInfo.customizedMessageBody
    $body = Get-Posted { Invoke-Reset @{ InvitedUser = $alice; InvitedUserMessageInfo = @{ MessageLanguage = 'nl-NL' } } }
    Assert-Equal 'nl-NL' $body.invitedUserMessageInfo.messageLanguage
}

It 'model types are made from hashtables, in any letter case' {
    Assert-Equal $alice ([Microsoft.Open.MSGraph.Model.User]@{ id = $alice }).Id
    Assert-Equal $alice ([Microsoft.Open.MSGraph.Model.User]$alice).Id 'from a text'
    $message = [microsoft.open.msgraph.model.invitedusermessageinfo]@{ customizedmessagebody = 'hi'; messageLanguage = 'nl'; ccRecipients = [Microsoft.Open.MSGraph.Model.Recipient]@{ emailAddress = @{ address = 'a@b.c' } } }
    Assert-Equal 'hi nl a@b.c' "$($message.CustomizedMessageBody) $($message.MESSAGELANGUAGE) $($message.CcRecipients[0].EmailAddress.Address)"
    $profile = [Microsoft.Open.AzureAD.Model.PasswordProfile]@{ Password = 'p'; ForceChangePasswordNextLogin = $true }
    Assert-Equal 'p True' "$($profile.password) $($profile.forceChangePasswordNextLogin)"
    Assert-Equal 'p' (New-Object Microsoft.Open.AzureAD.Model.PasswordProfile -ArgumentList 'p').Password
    $name = New-Object Microsoft.Open.AzureAD.Model.SignInName -Property @{ Type = 'emailAddress'; Value = 'a@b.c' }
    Assert-Equal "class SignInName {`n  Type: emailAddress`n  Value: a@b.c`n}`n" "$name"
    $user = New-Object Microsoft.Open.AzureAD.Model.User -Property @{ objectId = $alice }
    Assert-Equal $alice (Get-Posted { Invoke-Reset @{ InvitedUser = $user } }).invitedUser.id
}

It '-InvitedUser refuses an invitation, whose id is not the user''s' {
    $invitation = Invoke-Reset @{ InvitedUser = $alice }
    $sent = @(Get-Sent { $script:thrown = Get-Thrown { Invoke-Reset @{ InvitedUser = $invitation } } })
    Assert-Equal 0 $sent.Count
    Assert-Match 'InvitedUser\.' $thrown.Exception.Message
    Assert-Equal $alice (Get-Posted { Invoke-Reset @{ InvitedUser = $invitation.InvitedUser } }).invitedUser.id
}

# What a child does with the stand-ins in $theirs, whichever came first: a reset with their objects, and one with ours.
$use = @"
`$null = Connect-AzureAD
`$user = [Activator]::CreateInstance(`$theirs.GetType('Microsoft.Open.MSGraph.Model.User'))
`$user.Id = '$bob'
`$address = [Activator]::CreateInstance(`$theirs.GetType('Microsoft.Open.MSGraph.Model.EmailAddress'))
`$address.Address = 'ines@contoso.com'
`$recipient = [Activator]::CreateInstance(`$theirs.GetType('Microsoft.Open.MSGraph.Model.Recipient'), @(,`$address))
`$message = [Activator]::CreateInstance(`$theirs.GetType('Microsoft.Open.MSGraph.Model.InvitedUserMessageInfo'))
`$message.CustomizedMessageBody = 'Welcome'
`$message.CcRecipients = [Activator]::CreateInstance(`$message.GetType().GetField('CcRecipients').FieldType)
`$message.CcRecipients.Add(`$recipient)
`$profile = [Activator]::CreateInstance(`$theirs.GetType('Microsoft.Open.AzureAD.Model.PasswordProfile'))
`$profile.Password = 'pa55-word'
`$profile.ForceChangePasswordNextLogin = `$true
`$with = @{ InviteRedirectUrl = '$redirect'; ResetRedemption = `$true; InvitedUserMessageInfo = `$message }
`$theirInvitation = New-AzureADMSInvitation -InvitedUserEmailAddress 'bob.brandt@gmail.com' -InvitedUser `$user @with
`$msGraphUser = New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList '$alice'
`$ours = New-AzureADMSInvitation -InvitedUserEmailAddress 'alice@fabrikam.com' -InvitedUser `$msGraphUser @with
Set-AzureADUser -ObjectId '$bob' -PasswordProfile `$profile
"ids: `$(`$theirInvitation.InvitedUser.Id) `$(`$ours.InvitedUser.Id)"
"@

function Assert-BothReset([string] $Output) {
    Assert-Match "ids: $bob $alice" $Output
    Assert-Equal 2 @(Get-Posts).Count $Output
    foreach ($post in Get-Posts) {
        $info = ($post.body | ConvertFrom-Json).invitedUserMessageInfo
        Assert-Equal 'Welcome ines@contoso.com' "$($info.customizedMessageBody) $($info.ccRecipients[0].emailAddress.address)"
    }
    $patch = @((Get-SandboxState).requests | Where-Object method -EQ 'PATCH')[0].body | ConvertFrom-Json
    Assert-Equal 'pa55-word True' "$($patch.passwordProfile.password) $($patch.passwordProfile.forceChangePasswordNextSignIn)"
}

It 'takes objects of the same names from types that were there before, and the old constructor works' {
    $output = Invoke-Child @"
`$theirs = (Add-Type -PassThru -TypeDefinition @'
$standIns
'@ -IgnoreWarnings -WarningAction SilentlyContinue)[0].Assembly
Import-Module `$module
$use
"@
    Assert-BothReset $output
}

It 'takes objects of the same names from types that came later' {
    $assembly = Join-Path ([IO.Path]::GetTempPath()) "$([Guid]::NewGuid()).dll"
    try {
        $null = Invoke-Child "Add-Type -OutputAssembly '$assembly' -OutputType Library -IgnoreWarnings -WarningAction SilentlyContinue -TypeDefinition @'`n$standIns`n'@"
        $output = Invoke-Child @"
Import-Module `$module
`$theirs = [Reflection.Assembly]::LoadFrom('$assembly')
$use
"@
        Assert-BothReset $output
    }
    finally { Remove-Item $assembly }
}

exit $failures
